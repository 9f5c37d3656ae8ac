import { dayShards } from "#domain/home/keys.ts";
import { DEVICE_KINDS } from "#domain/home/vocabulary.ts";
import { RUN_ENDS } from "#domain/run/run-result.ts";
import type { Measured, MeasuredRun } from "./measured.ts";
import { canaryRuns, costAsItIs, DAYS, RUNS_A_DAY, runsOfCanary } from "./monthly-cost.ts";
import { PRICES } from "./prices.ts";

/** What the template holds that costs something while nobody does anything; a test counts it there. */
export const STANDING = {
  /** An alarm that calculates is paid for by each metric that it looks at. */
  alarmMetrics: 69,
  dashboards: 1,
  keys: 1,
  secrets: 1,
  machineClients: 1,
  /** What the canary adds. */
  canaryAlarmMetrics: 1,
} as const;

/** Names with their dimensions, of all kinds of devices: a kind that no home has costs nothing. */
export const OWN_METRICS =
  // Runs, AcknowledgementLatency; late, withdrawn, not withdrawn; refusals by four functions; three of the sealer's and
  // three of the sweeper's.
  RUN_ENDS.length + DEVICE_KINDS.length + 3 + 4 + 3 + 3;
const CANARY_METRICS = 2;

const MINUTES = DAYS * 24 * 60;
// A pass without work takes 40 ms in a house, where no call travels; here each is taken for five times as long.
const SEALER_GB_SECONDS = 0.5 * 0.2;
// An entry, its receipt and its share of head, tile and lease, in transactions (functions/domain/audit/README.md).
const UNITS_A_LEAF = 4.2;
// A run's records are sealed in the minute in which it begins and in the one in which it ends.
const SIGNED_HEADS_A_RUN = 2;
const CANARY_GB_SECONDS = 0.25 * 5;

/** What a pass of the sweeper takes whether there is work or not; a test compares it with the template and the code. */
export const SWEEPER = {
  memoryMb: 256,
  /** One for each partition of a day, all at once. */
  queries: dayShards("2026-01-01").length,
  // Minutes: the index may be five behind, so that each pass looks at those again.
  looksAtARun: 6,
} as const;
// All queries at once and two calls of one item; taken generously, as no house's calls travel.
const SWEEPER_SECONDS = 0.5;
// An eventually consistent query reads 4 KB for half a unit, and is charged that for nothing too.
const UNITS_A_QUERY = 0.5;
const KB_A_UNIT = 8;

/** A line of the table: what it is for, and dollars a month by the number of homes. */
export interface MonthlyLine {
  readonly what: string;
  readonly dollars: (homes: number) => number;
}

/** What a stack costs in a month, the homes and what stands for all of them. */
export const monthlyLines = (measured: Measured): readonly MonthlyLine[] => {
  const homes = costAsItIs(measured);
  const fixed = (what: string, dollars: number): MonthlyLine => ({ what, dollars: () => dollars });
  return [
    { what: "homes, their runs and their people", dollars: (count) => homes.total(count) },
    { what: "sealing of what is recorded", dollars: (count) => count * sealingOf(measured) },
    fixed("alarms, by metric", STANDING.alarmMetrics * PRICES.alarmMetric.dollars),
    fixed("metrics of its own", OWN_METRICS * PRICES.ownMetric.dollars),
    fixed("dashboard", STANDING.dashboards * PRICES.dashboard.dollars),
    fixed(
      "signing key, secret, machine client",
      STANDING.keys * PRICES.signingKey.dollars +
        STANDING.secrets * PRICES.secret.dollars +
        STANDING.machineClients * PRICES.machineClient.dollars,
    ),
    fixed(
      "sealer, every minute",
      MINUTES *
        (PRICES.scheduledCall.dollars +
          PRICES.lambdaRequest.dollars +
          SEALER_GB_SECONDS * PRICES.lambdaGbSecond.dollars),
    ),
    {
      what: "sweeper, every minute",
      dollars: (count) =>
        MINUTES * SWEEPER_PASS +
        count *
          DAYS *
          (RUNS_A_DAY.quick * sweepingOf(measured.quick) +
            RUNS_A_DAY.slow * sweepingOf(measured.slow)),
    },
  ];
};

/** What the canary costs in a month, at most: a run of its one lamp is taken for one of a whole home. */
export const canaryCost = (measured: Measured): number =>
  canaryRuns(measured) +
  runsOfCanary *
    (PRICES.machineToken.dollars +
      // initialize, initialized and the call itself, which the run's own price holds already.
      2 * PRICES.gatewayCall.dollars +
      PRICES.scheduledCall.dollars +
      PRICES.lambdaRequest.dollars +
      CANARY_GB_SECONDS * PRICES.lambdaGbSecond.dollars) +
  CANARY_METRICS * PRICES.ownMetric.dollars +
  STANDING.canaryAlarmMetrics * PRICES.alarmMetric.dollars;

const sealingOf = ({ quick, slow }: Measured): number => {
  const leaves = ({ writes }: MeasuredRun): number =>
    writes.reduce((sum, { table, count }) => sum + (table === "audit" ? count : 0), 0);
  const ofRuns = (run: MeasuredRun, aDay: number): number =>
    DAYS *
    aDay *
    (leaves(run) * UNITS_A_LEAF * PRICES.writeUnit.dollars +
      SIGNED_HEADS_A_RUN * PRICES.signature.dollars);
  return ofRuns(quick, RUNS_A_DAY.quick) + ofRuns(slow, RUNS_A_DAY.slow);
};

// Its progress is read consistently and written again.
const SWEEPER_PASS =
  PRICES.scheduledCall.dollars +
  PRICES.lambdaRequest.dollars +
  (SWEEPER.memoryMb / 1024) * SWEEPER_SECONDS * PRICES.lambdaGbSecond.dollars +
  SWEEPER.queries * UNITS_A_QUERY * PRICES.infrequentReadUnit.dollars +
  PRICES.readUnit.dollars +
  PRICES.writeUnit.dollars;

/** What a run adds to the passes that find it in the index: what of it stands there, rounded up to KB. */
const sweepingOf = ({ writes }: MeasuredRun): number => {
  const kb = writes.reduce((sum, { indexUnits }) => sum + (indexUnits.byFleetDay ?? 0), 0);
  return SWEEPER.looksAtARun * (kb / KB_A_UNIT) * PRICES.infrequentReadUnit.dollars;
};
