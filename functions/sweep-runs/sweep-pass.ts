import type { SweepProgress } from "#adapters/concluding/sweep-progress.ts";
import { fewAtOnce } from "#adapters/sdk/few-at-once.ts";
import type { FoundOpen, OpenRun } from "#domain/audit/open-run.ts";
import type { HomeError } from "#domain/home-error.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import type { SweptRun } from "./sweep-run.ts";

/** What a pass works with; each member may throw what AWS answers. */
export interface SweepTools {
  nowMs(): number;
  /** What the pass before left; undefined where nobody has looked yet. */
  readProgress(): Promise<SweepProgress | undefined>;
  writeProgress(progress: SweepProgress): Promise<void>;
  findOpenRuns(
    day: string,
    period: { readonly since: string; readonly until: string },
  ): Promise<FoundOpen>;
  /** @param takenBefore what passes before took back of it */
  sweepRun(open: OpenRun, takenBefore: readonly string[]): Promise<SweptRun>;
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

// Each run reads and writes shadows, 1,000 a second of which an account may.
const AT_ONCE = 5;

/**
 * Ends every run whose time is over and that has no outcome, from where the pass before came to. The newest first: only what
 * was sent in the last minutes can still be obeyed, and a run that cannot be ended must not keep the others waiting. Two
 * passes at once do nothing twice.
 * @throws what `findOpenRuns` throws of a day, after the others
 */
export const sweepPass = async (tools: SweepTools): Promise<SweepReport> => {
  const beganMs = tools.nowMs();
  const until = beganMs - RUN_LIMIT_MS;
  const before = await tools.readProgress();
  const from = Math.min(before?.sweptTo ?? until - FIRST_LOOK_BACK_MS, until);
  const taken = new Map<string, readonly string[]>();
  let [swept, withdrawn, notWithdrawn, left] = [0, 0, 0, 0];
  let oldestLeft = Number.POSITIVE_INFINITY;
  let notLooked = Number.POSITIVE_INFINITY;
  const failures: unknown[] = [];
  const end = async (open: OpenRun): Promise<void> => {
    const takenBefore = before?.taken.get(open.run) ?? [];
    const requestedAtMs = Date.parse(open.requestedAt);
    const isTried = tools.hasTime();
    const done = isTried ? await endQuietly(tools, open, takenBefore) : undefined;
    swept += done?.is === "swept" ? 1 : 0;
    withdrawn += done?.withdrawn.length ?? 0;
    notWithdrawn += done?.notWithdrawn ?? 0;
    if (done !== undefined && done.is !== "standing") return;
    left += 1;
    // What was never tried is not given up.
    if (isTried) oldestLeft = Math.min(oldestLeft, requestedAtMs);
    else notLooked = Math.min(notLooked, requestedAtMs);
    const devices = [...takenBefore, ...(done?.withdrawn ?? [])];
    if (devices.length > 0) taken.set(open.run, devices);
  };
  for (const period of [...days(from - INDEX_ALLOWANCE_MS, until)].toReversed()) {
    const found = tools.hasTime() ? await findOrTell(tools, period) : undefined;
    if (found === undefined || "failure" in found) {
      if (found !== undefined) failures.push(found.failure);
      notLooked = Math.min(notLooked, Math.max(from, Date.parse(period.since)));
      continue;
    }
    for (const error of found.unreadable) tools.onUnreadable(error);
    const newestFirst = found.open.toSorted(
      (a, b) => Date.parse(b.requestedAt) - Date.parse(a.requestedAt),
    );
    await fewAtOnce(newestFirst, AT_ONCE, end);
  }
  const sweptTo = Math.min(until, notLooked, Math.max(oldestLeft, beganMs - GIVE_UP_MS));
  await tools.writeProgress({ sweptTo, taken });
  if (failures.length > 0) throw failures[0];
  return { swept, withdrawn, notWithdrawn, left, sweptTo: new Date(sweptTo).toISOString() };
};

// A day that cannot be read must not make what the others gave be forgotten.
const findOrTell = async (
  tools: SweepTools,
  period: { readonly since: string; readonly until: string },
): Promise<FoundOpen | { readonly failure: unknown }> => {
  try {
    return await tools.findOpenRuns(period.since.slice(0, 10), period);
  } catch (failure) {
    return { failure };
  }
};

// One run that cannot be ended must not keep the others open.
const endQuietly = async (
  tools: SweepTools,
  open: OpenRun,
  takenBefore: readonly string[],
): Promise<SweptRun | undefined> => {
  try {
    const done = await tools.sweepRun(open, takenBefore);
    if (done.failure !== undefined) tools.onFailure(open, done.failure);
    return done;
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
