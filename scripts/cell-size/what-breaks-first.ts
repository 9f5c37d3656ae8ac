import { type HomeLimit, homeLimits, type RunLimit, runLimits } from "./limits.ts";
import type { Measured } from "./measured.ts";

/** How far a limit reaches when every home runs one goodnight. */
export interface Reach {
  readonly limit: RunLimit;
  readonly aRunUses: number;
  readonly runsPerSecond: number;
  /** As many homes as get through when all begin in the same minute. */
  readonly homesInOneMinute: number;
}

/** The limits of 22:00, what breaks first first. */
export const whatBreaksFirst = (measured: Measured): readonly Reach[] =>
  runLimits(measured)
    .flatMap((limit): readonly Reach[] => {
      const aRunUses = limit.uses(measured);
      if (aRunUses === undefined) return [];
      // At once: what is held for so many seconds comes free that often.
      const runsPerSecond = limit.value / aRunUses / (limit.per === "minute" ? 60 : 1);
      return [{ limit, aRunUses, runsPerSecond, homesInOneMinute: Math.floor(runsPerSecond * 60) }];
    })
    .sort((a, b) => a.runsPerSecond - b.runsPerSecond);

/** How far a limit reaches that homes use by being there. */
export interface HomeReach {
  readonly limit: HomeLimit;
  /** Absent for a rate. */
  readonly homes?: number;
  /** Until all are through, of a rate: seconds for 10,000 homes. */
  readonly secondsFor10000?: number;
}

export const whatHomesUse = (measured: Measured): readonly HomeReach[] =>
  homeLimits(measured).map((limit) =>
    limit.per === "at once"
      ? { limit, homes: Math.floor(limit.value / limit.perHome) }
      : { limit, secondsFor10000: Math.round((10_000 * limit.perHome) / limit.value) },
  );
