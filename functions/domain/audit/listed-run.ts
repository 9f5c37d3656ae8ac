import { requireFormat } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { homeDay, OUTCOME_KEY, REQUEST_KEY } from "#domain/home/keys.ts";
import { normalizeName } from "#domain/home/names.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import { isRunEnd, RUN_ENDS, type RunEnd } from "#domain/run/run-result.ts";

type Item = Readonly<Record<string, unknown>>;

/** How a run of the list stands. Cut off: no outcome was recorded before its time was over. */
export type ListedEnd = RunEnd | "running" | "cut_off";

/** All words for it. */
export const LISTED_ENDS: readonly ListedEnd[] = [...RUN_ENDS, "running", "cut_off"];

const ENDS: readonly unknown[] = LISTED_ENDS;

/** Is this one of the words for it? */
export const isListedEnd = (value: unknown): value is ListedEnd => ENDS.includes(value);

/** Who asked for a run, as its record names them. */
export interface ListedCaller {
  readonly sub?: string;
  readonly clientId?: string;
  readonly username?: string;
}

/** A run of a home, as the index byHomeDay tells it. */
export interface ListedRun {
  readonly run: string;
  readonly scene: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly requestedAt: string;
  readonly end: ListedEnd;
  /** Absent where the request's record is no more: its time was over, or it was erased. */
  readonly request?: Item;
  readonly caller?: ListedCaller;
  /** As whom, e.g. `resident`; `schedules` is nobody but the home's own schedules. */
  readonly role?: string;
  readonly reason?: string;
  readonly finishedAt?: string;
  /** Devices that were asked, of a run with an outcome. */
  readonly devices?: number;
  /** Those of them that confirmed in time, or were so already. */
  readonly confirmed?: number;
}

/** Where a page of the list ends. */
export type ListPosition = Pick<ListedRun, "requestedAt" | "run">;

/** Which runs are asked for. Each member that is there must fit. */
export interface RunFilter {
  readonly scene?: string;
  /** Username, or `sub` of the token. */
  readonly person?: string;
  /** Id of the client that the call came through. */
  readonly client?: string;
  /** A device that was asked. */
  readonly device?: string;
  readonly end?: ListedEnd;
}

/**
 * Puts together what the index holds of some runs of a home's day, in any order. A request without an outcome runs, or
 * was cut off when its time is over at `nowMs`.
 * @throws HomeError `FormatUnknown`; `RecordInvalid` for a record of another home or day, or of no run
 */
export const listedRuns = (
  items: readonly Item[],
  home: HomeId,
  day: string,
  nowMs: number,
): readonly ListedRun[] => {
  const byRun = new Map<string, ListedRun>();
  // Outcomes last, over the requests that they end: the index is eventually consistent, either may stand there alone.
  for (const sortKey of [REQUEST_KEY, OUTCOME_KEY]) {
    for (const item of items.filter(({ SK }) => SK === sortKey)) {
      const listed = parseListed(item, homeDay(home, day), nowMs);
      byRun.set(listed.run, { ...byRun.get(listed.run), ...listed });
    }
  }
  const stranger = items.find(({ SK }) => SK !== REQUEST_KEY && SK !== OUTCOME_KEY);
  if (stranger !== undefined) throw wrong(stranger);
  return [...byRun.values()];
};

const wrong = ({ PK, SK }: Item): HomeError =>
  new HomeError("RecordInvalid", `${String(PK)} ${String(SK)} is no record of a run of that day.`);

const parseListed = (item: Item, partition: string, nowMs: number): ListedRun => {
  const { PK, SK, run, scene, requestedAt, result } = item;
  requireFormat(item, `${String(PK)} ${String(SK)}`);
  if (
    typeof run !== "string" ||
    typeof scene !== "string" ||
    typeof requestedAt !== "string" ||
    Number.isNaN(Date.parse(requestedAt)) ||
    item.homeDay !== partition ||
    !partition.endsWith(`#${requestedAt.slice(0, 10)}`)
  ) {
    throw wrong(item);
  }
  const base = { run, scene, requestedAt };
  if (SK === OUTCOME_KEY) {
    if (!isRunEnd(result)) throw wrong(item);
    return {
      ...base,
      end: endedAfterItsTime(item, requestedAt) ? "cut_off" : result,
      ...numberIn(item, "deviceCount", "devices"),
      ...numberIn(item, "confirmedCount", "confirmed"),
      ...textIn(item, "finishedAt"),
    };
  }
  const isOver = nowMs > Date.parse(requestedAt) + RUN_LIMIT_MS;
  return {
    ...base,
    end: isOver ? "cut_off" : "running",
    request: item,
    caller: callerOf(item.caller),
    ...textIn(item, "role"),
    ...textIn(item, "reason"),
  };
};

// A workflow never ends after its time: what has ended then was ended by the sweeper.
const endedAfterItsTime = ({ finishedAt }: Item, requestedAt: string): boolean =>
  typeof finishedAt === "string" && Date.parse(finishedAt) > Date.parse(requestedAt) + RUN_LIMIT_MS;

const callerOf = (value: unknown): ListedCaller => {
  const caller = isObject(value) ? value : {};
  return { ...textIn(caller, "sub"), ...textIn(caller, "clientId"), ...textIn(caller, "username") };
};

const textIn = <Name extends string>(
  item: Item,
  name: Name,
): { readonly [Each in Name]?: string } => {
  const value = item[name];
  return typeof value === "string"
    ? ({ [name]: value } as { readonly [Each in Name]: string })
    : {};
};

const numberIn = (item: Item, name: string, as: "devices" | "confirmed"): Partial<ListedRun> => {
  const value = item[name];
  return typeof value === "number" ? { [as]: value } : {};
};

/** Orders runs, the newest first; of one moment by their ids. */
export const newestRunFirst = (one: ListPosition, other: ListPosition): number =>
  compare(other.requestedAt, one.requestedAt) || compare(other.run, one.run);

const compare = (one: string, other: string): number => Number(one > other) - Number(one < other);

/** Is this one of the runs that are asked for? Names are compared as people write them: `Hall lamp` is `hall_lamp`. */
export const fitsFilter = (listed: ListedRun, filter: RunFilter): boolean => {
  const { caller = {}, request = {} } = listed;
  const devices: readonly unknown[] = Array.isArray(request.askedDevices)
    ? request.askedDevices
    : [];
  return (
    isSameName(filter.scene, [listed.scene]) &&
    isOneOf(filter.person, [caller.username, caller.sub]) &&
    isOneOf(filter.client, [caller.clientId]) &&
    isSameName(filter.device, devices) &&
    isOneOf(filter.end, [listed.end])
  );
};

const isOneOf = (wanted: string | undefined, texts: readonly unknown[]): boolean =>
  wanted === undefined || texts.includes(wanted);

const isSameName = (wanted: string | undefined, names: readonly unknown[]): boolean =>
  wanted === undefined ||
  names.some((name) => typeof name === "string" && normalizeName(name) === normalizeName(wanted));
