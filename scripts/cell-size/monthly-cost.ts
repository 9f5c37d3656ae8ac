import { shadowOperations } from "./limits.ts";
import type { AskedTable, Measured, MeasuredRun } from "./measured.ts";
import { PRICES } from "./prices.ts";
import { type RunShape, runShape } from "./run-shape.ts";

/** What a home costs in a month, by what it is for. */
export interface MonthlyCost {
  readonly lines: Readonly<Record<string, number>>;
  /** Of one home, people who sign in left out. */
  readonly perHome: number;
  /** Of so many homes, with their people. */
  total(homes: number): number;
}

// Four scenes a day; blinds move in the morning and in the evening.
export const DAYS = 30;
export const RUNS_A_DAY = { quick: 2, slow: 2 } as const;
const PEOPLE = 2;
const FREE_PEOPLE = 10_000;
const KEPT_DAYS = 400;
const MINUTES = DAYS * 24 * 60;
const GB = 1024 ** 3;

/** What is billed for a run, however it is run. */
interface RunUse {
  readonly gbSeconds: number;
  readonly requests: number;
  readonly readUnits: Readonly<Record<AskedTable, number>>;
  readonly loggedBytes: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

const gbSecondsOf = (run: MeasuredRun, except: readonly string[]): number =>
  sum(
    Object.entries(run.functions)
      .filter(([name]) => !except.includes(name))
      .map(([, { memoryMb, billedMs }]) => (memoryMb / 1024) * (billedMs / 1000)),
  );

const unitsOf = (
  counted: readonly { readonly table: AskedTable; readonly units: number }[],
): Readonly<Record<AskedTable, number>> => {
  const of = (table: AskedTable): number =>
    sum(counted.filter((one) => one.table === table).map(({ units }) => units));
  return { home: of("home"), audit: of("audit") };
};

const asItIs = (run: MeasuredRun): RunUse => ({
  gbSeconds: gbSecondsOf(run, []),
  requests: run.invocations.length,
  readUnits: unitsOf(run.reads),
  // The workflow logs what failed; the house logs each step, which is what executionLog measures.
  loggedBytes: run.functionLogs.bytes,
});

// home does not wait, one look a second takes the place of dense looks.
const asProposed = (run: MeasuredRun, shape: RunShape): RunUse => {
  const memoryOf = (name: string): number => (run.functions[name]?.memoryMb ?? 0) / 1024;
  const looks = sum(shape.stages.map(({ answerSeconds }) => Math.ceil(answerSeconds) + 1));
  const awaits = run.functions["await-acknowledgements"]?.invocations ?? 0;
  const others = unitsOf(run.reads.filter(({ by }) => by !== "await-acknowledgements"));
  return {
    gbSeconds:
      gbSecondsOf(run, ["home", "await-acknowledgements"]) +
      shape.homeSeconds * memoryOf("home") +
      looks * shape.lookSeconds * memoryOf("await-acknowledgements"),
    requests: run.invocations.length - awaits + looks,
    readUnits: { ...others, audit: others.audit + looks * shape.unitsALook },
    loggedBytes: run.functionLogs.bytes,
  };
};

/** What a table costs, by its class. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
const TABLE_CLASS = {
  standard: {
    write: PRICES.writeUnit.dollars,
    read: PRICES.readUnit.dollars,
    gbMonth: PRICES.storedGbMonth.dollars,
  },
  infrequentAccess: {
    write: PRICES.infrequentWriteUnit.dollars,
    read: PRICES.infrequentReadUnit.dollars,
    gbMonth: PRICES.infrequentGbMonth.dollars,
  },
} as const;

/** The class that a table is of. */
export type TableClass = keyof typeof TABLE_CLASS;

const costOfRuns = (
  run: MeasuredRun,
  use: RunUse,
  runs: number,
  tableClass: TableClass = "infrequentAccess",
): Readonly<Record<string, number>> => {
  const { update = 0, get = 0, "update/documents": documents = 0 } = run.shadowMessages;
  const heard = run.heardByDevices.reduce((sum, kind) => sum + (run.shadowMessages[kind] ?? 0), 0);
  const acknowledgements = run.writes.find(({ item }) => item === "ACK")?.count ?? 0;
  const writeUnits = writeUnitsOf(run);
  const kept = keptOf(run);
  const home = TABLE_CLASS.standard;
  const audit = TABLE_CLASS[tableClass];
  const expressGbSeconds = (64 / 1024) * (Math.ceil(run.workflowSeconds * 10) / 10);
  return {
    Lambda:
      runs *
      (use.gbSeconds * PRICES.lambdaGbSecond.dollars + use.requests * PRICES.lambdaRequest.dollars),
    "Step Functions":
      runs * (PRICES.expressRequest.dollars + expressGbSeconds * PRICES.expressGbSecond.dollars),
    gateway: runs * PRICES.gatewayCall.dollars,
    // Sent by devices and functions, and to devices, whose PUBACK is metered too.
    // https://aws.amazon.com/iot-core/pricing/additional-details/
    messages: runs * (update + get + 2 * heard) * PRICES.iotMessage.dollars,
    shadows: runs * shadowOperations(run) * PRICES.shadowOperation.dollars,
    rule: runs * (documents + acknowledgements) * PRICES.ruleStep.dollars,
    // A claim to a run, which is gone after an hour, and who lives there with what.
    "home, written": runs * writeUnits.home * home.write,
    "home, read": runs * use.readUnits.home * home.read,
    "audit, written": runs * writeUnits.audit * audit.write,
    "audit, read": runs * use.readUnits.audit * audit.read,
    [`audit, ${KEPT_DAYS} days kept`]:
      ((runs / DAYS) *
        KEPT_DAYS *
        ((kept.table + kept.indexes) * audit.gbMonth +
          kept.table * PRICES.recoveryGbMonth.dollars)) /
      GB,
    logs: (runs * use.loggedBytes * PRICES.loggedGb.dollars) / GB,
  };
};

const writeUnitsOf = ({ writes }: MeasuredRun): Readonly<Record<AskedTable, number>> =>
  unitsOf(
    writes.map(({ table, units, indexUnits }) => ({
      table,
      units: units + sum(Object.values(indexUnits)),
    })),
  );

/**
 * Bytes that a run leaves in the audit, as they are billed. Point-in-time recovery is of the table, not of its indexes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
const keptOf = ({ writes }: MeasuredRun): { readonly table: number; readonly indexes: number } => {
  const records = writes.filter(({ table }) => table === "audit");
  return {
    table: sum(records.map(({ storedBytes }) => storedBytes)),
    indexes: sum(records.flatMap(({ indexStoredBytes }) => Object.values(indexStoredBytes))),
  };
};

/** What the audit's class adds to a run and saves of it, in dollars, against the class Standard. */
export interface ClassDifference {
  readonly written: number;
  readonly read: number;
  /** For each day that its records are kept. */
  readonly savedADay: number;
  /** Kept as long, a run costs as much in either class. */
  readonly paysFromDays: number;
}

/** From which retention on Standard-Infrequent Access is the cheaper class for what a run leaves. */
export const infrequentAccessOf = (run: MeasuredRun): ClassDifference => {
  const { standard, infrequentAccess } = TABLE_CLASS;
  const kept = keptOf(run);
  const written = writeUnitsOf(run).audit * (infrequentAccess.write - standard.write);
  const read = unitsOf(run.reads).audit * (infrequentAccess.read - standard.read);
  const savedADay =
    ((kept.table + kept.indexes) * (standard.gbMonth - infrequentAccess.gbMonth)) / GB / DAYS;
  return { written, read, savedADay, paysFromDays: (written + read) / savedADay };
};

const monthlyCost = (measured: Measured, useOf: (run: MeasuredRun) => RunUse): MonthlyCost => {
  const quick = costOfRuns(measured.quick, useOf(measured.quick), DAYS * RUNS_A_DAY.quick);
  const slow = costOfRuns(measured.slow, useOf(measured.slow), DAYS * RUNS_A_DAY.slow);
  const lines = {
    connections: measured.devices * MINUTES * PRICES.connectionMinute.dollars,
    ...Object.fromEntries(
      Object.entries(quick).map(([name, dollars]) => [name, dollars + (slow[name] ?? 0)]),
    ),
  };
  const perHome = sum(Object.values(lines));
  return {
    lines,
    perHome,
    total: (homes) =>
      homes * perHome + Math.max(0, homes * PEOPLE - FREE_PEOPLE) * PRICES.activeUser.dollars,
  };
};

/** The bill of today's code, where somebody waits for each run. */
export const costAsItIs = (measured: Measured): MonthlyCost => monthlyCost(measured, asItIs);

/** The bill where nobody does, as for schedules, and the looks for acknowledgements are lazy. */
export const costAsProposed = (measured: Measured): MonthlyCost =>
  monthlyCost(measured, (run) => asProposed(run, runShape(measured, run.seconds)));

/** What a million such runs cost, by what it is for. */
export const costOfAMillion = (
  run: MeasuredRun,
  tableClass: TableClass,
): Readonly<Record<string, number>> => costOfRuns(run, asItIs(run), 1_000_000, tableClass);

/** How often the canary runs in a month. */
export const runsOfCanary = DAYS * 24 * 4;

/** What so many runs of a whole home cost, be it that none of them waits for slow blinds. */
export const canaryRuns = ({ quick }: Measured): number =>
  sum(Object.values(costOfRuns(quick, asItIs(quick), runsOfCanary)));
