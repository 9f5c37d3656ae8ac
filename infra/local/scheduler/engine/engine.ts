import type { Clock } from "./clock.ts";
import type { Courier } from "./courier.ts";
import type { Planner } from "./planner.ts";

/** What wakes the planner and the courier. */
export interface Engine {
  /** Plans what came due while nothing ran, and goes on from there. */
  start(): void;
  /** Something was changed: what is due next may be due earlier. */
  look(): void;
  close(): Promise<void>;
}

// A timer counts the time that the machine is awake, and wall time may be set: none is trusted for longer than a minute.
const LONGEST_MS = 60_000;
// And should a timer be lost, the sweep finds what it was for.
const SWEEP_MS = 30_000;
const RETRY_MS = 1000;
// The clock's own grain: less is no setting back.
const BACK_MS = 1000;

export const createEngine = (options: {
  readonly clock: Clock;
  readonly planner: Planner;
  readonly courier: Courier;
  /** For how long after the start what is due is planned only, and not delivered yet. */
  readonly quietMs: number;
  /** When something is due next, planned or to be delivered. */
  readonly nextMs: () => number | undefined;
  readonly log: (line: string) => void;
}): Engine => {
  const { clock, planner, courier } = options;
  let cancel = (): void => undefined;
  let seenMs = Number.NEGATIVE_INFINITY;
  let runs = false;
  let isQuiet = options.quietMs > 0;

  const goOn = (): void => {
    const nowMs = clock.nowMs();
    if (nowMs < seenMs - BACK_MS) {
      options.log(
        `Scheduler: the clock was set back from ${new Date(seenMs).toISOString()} to ${new Date(nowMs).toISOString()}.`,
      );
      planner.setBack(nowMs);
    }
    seenMs = nowMs;
    planner.plan(nowMs);
    if (!isQuiet) courier.deliver(nowMs);
  };

  const look = (): void => {
    if (!runs) return;
    cancel();
    let delayMs = RETRY_MS;
    try {
      goOn();
      delayMs = (options.nextMs() ?? Number.POSITIVE_INFINITY) - clock.nowMs();
    } catch (error) {
      // A full disk must not end the house: nothing was planned, and all of it is looked at again.
      options.log(`Scheduler: it cannot go on, and tries again: ${String(error)}`);
    }
    // What is due and under way is no reason to look again at once.
    cancel = clock.alarm(Math.min(delayMs > 0 ? delayMs : RETRY_MS, LONGEST_MS), look);
  };
  let endSweep = (): void => undefined;
  let endQuiet = (): void => undefined;

  return {
    start: () => {
      runs = true;
      seenMs = clock.nowMs();
      planner.begin(seenMs);
      endSweep = clock.sweep(SWEEP_MS, look);
      if (isQuiet) {
        endQuiet = clock.alarm(options.quietMs, () => {
          isQuiet = false;
          look();
        });
      }
      look();
    },
    look,
    close: async () => {
      runs = false;
      cancel();
      endSweep();
      endQuiet();
      await courier.close();
    },
  };
};
