import type { FoundOpen, OpenRun } from "#domain/audit/open-run.ts";
import type { HomeError } from "#domain/home-error.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import type { SweptRun } from "./sweep-run.ts";

/** What a pass works with; each member may throw what AWS answers. */
export interface SweepTools {
  nowMs(): number;
  /** Up to when every run has ended, epoch milliseconds. */
  readSweptTo(): Promise<number | undefined>;
  writeSweptTo(sweptTo: number): Promise<void>;
  findOpenRuns(
    day: string,
    period: { readonly since: string; readonly until: string },
  ): Promise<FoundOpen>;
  sweepRun(open: OpenRun, now: Date): Promise<SweptRun>;
  hasTime(): boolean;
  /** Is told of a run that could not be ended. */
  onFailure(open: OpenRun, error: unknown): void;
  onUnreadable(error: HomeError): void;
}

/** What a pass did. */
export interface SweepReport {
  readonly swept: number;
  readonly withdrawn: number;
  readonly notWithdrawn: number;
  /** Runs that are still open though their time is over. */
  readonly left: number;
  /** Up to when every run has ended, ISO 8601. */
  readonly sweptTo: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
// The first time; a house that has stood still begins where it was.
const FIRST_LOOK_BACK_MS = 2 * DAY_MS;
// The index may be behind, and a request that shows late must be found all the same.
const INDEX_ALLOWANCE_MS = 5 * 60 * 1000;
// What could not be ended for a day is given up: its commands expired long ago, and the log has named it in each pass.
const GIVE_UP_MS = DAY_MS;

/**
 * Ends every run whose time is over and that has no outcome, day by day from where the pass before came to. Two passes at
 * once do nothing twice.
 */
export const sweepPass = async (tools: SweepTools): Promise<SweepReport> => {
  const beganMs = tools.nowMs();
  const until = beganMs - RUN_LIMIT_MS;
  const before = (await tools.readSweptTo()) ?? until - FIRST_LOOK_BACK_MS;
  let sweptTo = Math.min(before, until);
  let [swept, withdrawn, notWithdrawn, left] = [0, 0, 0, 0];
  let oldestLeft = Number.POSITIVE_INFINITY;
  for (const period of days(sweptTo - INDEX_ALLOWANCE_MS, until)) {
    if (!tools.hasTime()) break;
    const { open, unreadable } = await tools.findOpenRuns(period.since.slice(0, 10), period);
    for (const error of unreadable) tools.onUnreadable(error);
    for (const one of open) {
      const done = tools.hasTime() ? await endQuietly(tools, one) : undefined;
      swept += done?.is === "swept" ? 1 : 0;
      withdrawn += done?.withdrawn ?? 0;
      notWithdrawn += done?.notWithdrawn ?? 0;
      if (done === undefined || done.is === "standing") {
        left += 1;
        oldestLeft = Math.min(oldestLeft, Date.parse(one.requestedAt));
      }
    }
    sweptTo = Math.max(sweptTo, Date.parse(period.until));
  }
  sweptTo = Math.min(sweptTo, Math.max(oldestLeft, beganMs - GIVE_UP_MS));
  await tools.writeSweptTo(sweptTo);
  return { swept, withdrawn, notWithdrawn, left, sweptTo: new Date(sweptTo).toISOString() };
};

// One run that cannot be ended must not keep the others open.
const endQuietly = async (tools: SweepTools, open: OpenRun): Promise<SweptRun | undefined> => {
  try {
    return await tools.sweepRun(open, new Date(tools.nowMs()));
  } catch (error) {
    tools.onFailure(open, error);
    return undefined;
  }
};

/** A period, cut where the days end. */
function* days(
  sinceMs: number,
  untilMs: number,
): Generator<{ readonly since: string; readonly until: string }> {
  for (let from = sinceMs; from <= untilMs; ) {
    const midnight = Math.floor(from / DAY_MS) * DAY_MS + DAY_MS;
    const to = Math.min(untilMs, midnight - 1);
    yield { since: new Date(from).toISOString(), until: new Date(to).toISOString() };
    from = midnight;
  }
}
