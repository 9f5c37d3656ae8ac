import { requireFormat } from "#domain/format.ts";
import { type HomeId, isHomeId } from "#domain/home/home-id.ts";
import { dayShard, OUTCOME_KEY, REQUEST_KEY, runKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { isRunId, RUN_LIMIT_MS } from "#domain/run/run.ts";
import { isRunEnd, type RunEnd } from "#domain/run/run-result.ts";

/** How a run of the list stands. */
export type FleetResult = RunEnd | "running";

/** A run as whoever looks after every home sees it: without a room, a device or a person. */
export interface FleetRun {
  readonly home: HomeId;
  readonly run: string;
  readonly scene: string;
  readonly result: FleetResult;
  /** ISO 8601, UTC, milliseconds. */
  readonly requestedAt: string;
}

/** Where a page ends: the runs are in the order of these two, newest first. */
export type FleetPosition = Pick<FleetRun, "requestedAt" | "run">;

type Item = Readonly<Record<string, unknown>>;

/**
 * Puts together what the index holds of some runs of a day: of each its request, and once it is over its outcome, in any
 * order. As with get_run, a run without an outcome has failed when its time is over at `nowMs`.
 * @throws HomeError `FormatUnknown`; `RecordInvalid` for what is not of that day, or no run's record
 */
export const fleetRuns = (
  items: readonly Item[],
  day: string,
  nowMs: number,
): readonly FleetRun[] => {
  const byKey = new Map<unknown, FleetRun>();
  // Outcomes last, over the requests that they end. The index is eventually consistent: an outcome may stand there alone.
  for (const sortKey of [REQUEST_KEY, OUTCOME_KEY]) {
    for (const item of items.filter(({ SK }) => SK === sortKey)) {
      byKey.set(item.PK, parseFleetRun(item, day, nowMs));
    }
  }
  const stranger = items.find(({ SK }) => SK !== REQUEST_KEY && SK !== OUTCOME_KEY);
  if (stranger !== undefined) throw wrong(stranger);
  return [...byKey.values()].sort(newestFirst);
};

/** Orders runs, the newest first; of one moment by their ids. */
export const newestFirst = (one: FleetPosition, other: FleetPosition): number =>
  compare(other.requestedAt, one.requestedAt) || compare(other.run, one.run);

/**
 * Of what was read of a partition newest first, what is whole: of its last moment there may be more on the next page.
 */
export const settledItems = (items: readonly Item[], isAllRead: boolean): readonly Item[] => {
  const last = items.at(-1)?.requestedAt;
  return isAllRead ? items : items.filter(({ requestedAt }) => requestedAt !== last);
};

const compare = (one: string, other: string): number => Number(one > other) - Number(one < other);

const wrong = ({ PK, SK }: Item): HomeError =>
  new HomeError("RecordInvalid", `${String(PK)} ${String(SK)} is no record of a run of that day.`);

/**
 * Whose run a record of the index byFleetDay tells of, and when it was asked for.
 * @throws HomeError `FormatUnknown`; `RecordInvalid` for what is not of that day, or no run's record
 */
export const parseRunOfDay = (
  item: Item,
  day: string,
): Pick<FleetRun, "home" | "run" | "requestedAt"> => {
  const { PK, SK, home, run, requestedAt } = item;
  requireFormat(item, `${String(PK)} ${String(SK)}`);
  if (
    !isHomeId(home) ||
    typeof run !== "string" ||
    !isRunId(run) ||
    PK !== runKey(home, run) ||
    item.dayShard !== dayShard(home, day) ||
    typeof requestedAt !== "string" ||
    !requestedAt.startsWith(day) ||
    Number.isNaN(Date.parse(requestedAt))
  ) {
    throw wrong(item);
  }
  return { home, run, requestedAt };
};

const parseFleetRun = (item: Item, day: string, nowMs: number): FleetRun => {
  const { SK, scene, result } = item;
  const of = parseRunOfDay(item, day);
  if (typeof scene !== "string") throw wrong(item);
  if (SK === REQUEST_KEY) {
    const isOver = nowMs > Date.parse(of.requestedAt) + RUN_LIMIT_MS;
    return { ...of, scene, result: isOver ? "failed" : "running" };
  }
  if (!isRunEnd(result)) throw wrong(item);
  return { ...of, scene, result };
};
