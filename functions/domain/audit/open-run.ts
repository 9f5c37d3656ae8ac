import { OUTCOME_KEY, REQUEST_KEY } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { type FleetRun, parseRunOfDay } from "./fleet-runs.ts";

/** A run whose request is recorded, and its outcome is not. */
export type OpenRun = Pick<FleetRun, "home" | "run" | "requestedAt">;

type Item = Readonly<Record<string, unknown>>;

/** What was found open, and the requests that cannot be read: one of them must not hide the others. */
export interface FoundOpen {
  readonly open: readonly OpenRun[];
  readonly unreadable: readonly HomeError[];
}

/**
 * The open runs among what the index byFleetDay holds of a day. An outcome stands beside its request in the same partition
 * and at the same moment, so that any period holds both or neither; the index may be a second behind.
 */
export const openRunsAmong = (items: readonly Item[], day: string): FoundOpen => {
  const ended = new Set(items.filter(({ SK }) => SK === OUTCOME_KEY).map(({ PK }) => PK));
  const found = items
    .filter(({ PK, SK }) => SK === REQUEST_KEY && !ended.has(PK))
    .map((item) => readOrTell(item, day));
  return {
    open: found.flatMap((one) => (one instanceof HomeError ? [] : one)),
    unreadable: found.flatMap((one) => (one instanceof HomeError ? one : [])),
  };
};

const readOrTell = (item: Item, day: string): OpenRun | HomeError => {
  try {
    return parseRunOfDay(item, day);
  } catch (error) {
    if (error instanceof HomeError) return error;
    throw error;
  }
};
