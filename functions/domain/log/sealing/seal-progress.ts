import { sealsOf } from "#domain/home/keys.ts";

/** How far the sealer has come with all logs together. */
export interface SealProgress {
  /** Every record that was written before this moment and was found is sealed, epoch milliseconds. */
  readonly sealedTo: number;
  /** The day on which the look back over the days before was begun last, e.g. `2026-11-27`. */
  readonly lookedBackOn: string;
  /** How many of the partitions of those days are done. */
  readonly lookedBack: number;
}

// An index may be behind, and a rule may be tried again: what is found later than this is found by the look back.
const OVERLAP_MS = 5 * 60_000;
const LOOK_BACK_DAYS = 2;
const DAY_MS = 24 * 60 * 60_000;

/** Where a sealer begins that has never been there: with what the look back would find. */
export const firstProgress = (nowMs: number): SealProgress => ({
  sealedTo: nowMs - LOOK_BACK_DAYS * DAY_MS,
  lookedBackOn: dayOf(nowMs),
  lookedBack: 0,
});

/** From when on a pass looks for records. */
export const searchesFrom = ({ sealedTo }: SealProgress): number => sealedTo - OVERLAP_MS;

/** The partitions of the index bySeal that a moment, another, and what is between them are in. */
export const partitionsBetween = (fromMs: number, toMs: number): readonly string[] => {
  const partitions: string[] = [];
  for (let at = Math.floor(fromMs / DAY_MS) * DAY_MS; at <= toMs; at += DAY_MS) {
    partitions.push(...sealsOf(dayOf(at)));
  }
  return partitions;
};

/** Those that a look back of today goes over: of the days before, to which nobody writes any more. */
export const partitionsLookedBack = (nowMs: number): readonly string[] =>
  Array.from({ length: LOOK_BACK_DAYS }, (_, back) =>
    sealsOf(dayOf(nowMs - (back + 1) * DAY_MS)),
  ).flat();

/** The UTC day of a moment, e.g. `2026-11-27`. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
