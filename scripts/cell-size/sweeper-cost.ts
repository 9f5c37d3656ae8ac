import { dayShards } from "#domain/home/keys.ts";
import type { MeasuredRun } from "./measured.ts";
import { PRICES } from "./prices.ts";

/** What a pass of the sweeper takes whether there is work or not; a test compares it with the template and the code. */
export const SWEEPER = {
  memoryMb: 256,
  /** One for each partition of a day, all at once. */
  queries: dayShards("2026-01-01").length,
  // Minutes: the index may be five behind, so that each pass looks at those again.
  looksAtARun: 6,
} as const;

// All queries at once and two calls of one item; taken generously, as no house's calls travel.
const PASS_SECONDS = 0.5;
// An eventually consistent query reads 4 KB for half a unit, and is charged that for nothing too; the progress is read
// consistently and written again.
const UNITS_A_QUERY = 0.5;
const KB_A_UNIT = 8;

/** Dollars of one pass that finds nothing. */
export const sweeperPass = (): number =>
  PRICES.scheduledCall.dollars +
  PRICES.lambdaRequest.dollars +
  (SWEEPER.memoryMb / 1024) * PASS_SECONDS * PRICES.lambdaGbSecond.dollars +
  (SWEEPER.queries * UNITS_A_QUERY + 1) * PRICES.readUnit.dollars +
  PRICES.writeUnit.dollars;

/** Dollars that a run adds, in the passes that find it in the index: what of it stands there, rounded up to KB. */
export const sweeperRun = ({ writes }: MeasuredRun): number => {
  const kb = writes.reduce((sum, { indexUnits }) => sum + (indexUnits.byFleetDay ?? 0), 0);
  return SWEEPER.looksAtARun * (kb / KB_A_UNIT) * PRICES.readUnit.dollars;
};
