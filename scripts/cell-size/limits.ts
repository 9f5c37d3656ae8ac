import type { Measured, MeasuredRun } from "./measured.ts";
import type { Quotas } from "./quotas.ts";
import { slotSeconds } from "./run-shape.ts";

/** How a value is known. */
export type Basis = "documented" | "second hand" | "from memory" | "measured" | "ours";

/** Something of which there is only so much. */
export interface Limit {
  readonly name: string;
  readonly value: number;
  readonly per: "second" | "minute" | "at once";
  readonly isAdjustable: boolean;
  readonly basis: Basis;
  readonly source: string;
}

/** A limit that runs use up; `uses` gives how much one takes, or nothing where today's records do not touch it. */
export interface RunLimit extends Limit {
  readonly uses: (measured: Measured) => number | undefined;
}

const LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";
const IOT = "https://docs.aws.amazon.com/general/latest/gr/iot-core.html";
const STEP_FUNCTIONS = "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html";
const ON_DEMAND =
  "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html";
const PARTITION =
  "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html";
const AGENTCORE =
  "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/bedrock-agentcore-limits.html";
const COGNITO = "https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html";
const SCHEDULER = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html";

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** Shadow requests of devices and of functions. */
export const shadowOperations = ({ shadowMessages, calls }: MeasuredRun): number =>
  (shadowMessages.update ?? 0) +
  (shadowMessages.get ?? 0) +
  sum(
    Object.entries(calls)
      .filter(([name]) => / iot:(Get|Update)ThingShadow$/.test(name))
      .map(([, count]) => count),
  );

/** What the broker counts as inbound: what is sent to a shadow, and what the shadow service says then. */
export const inboundPublishes = ({ shadowMessages }: MeasuredRun): number =>
  sum(Object.values(shadowMessages));

/** Seconds of functions that run where the starter of a schedule waits for the run's end, and `home` with it. */
const heldSeconds = (run: MeasuredRun): number => slotSeconds(run) + run.seconds;

/** The same where neither waits: the starter is there as long as `home` is, which starts the run and answers. */
const startedSeconds = (run: MeasuredRun): number =>
  slotSeconds(run) - run.workflowSeconds + run.seconds - run.workflowSeconds;

const auditReadUnits = ({ reads }: MeasuredRun): number =>
  sum(reads.filter(({ table }) => table === "audit").map(({ units }) => units));

const auditWriteUnits = ({ writes }: MeasuredRun): number =>
  sum(writes.filter(({ table }) => table === "audit").map(({ units }) => units));

const mostIndexUnits = ({ writes }: MeasuredRun): number => {
  const names = new Set(writes.flatMap(({ indexUnits }) => Object.keys(indexUnits)));
  return Math.max(
    0,
    ...[...names].map((name) => sum(writes.map(({ indexUnits }) => indexUnits[name] ?? 0))),
  );
};

const unitsInOneDay = ({ writes }: MeasuredRun): number | undefined => {
  const units = sum(writes.map((one) => one.unitsInOneDay));
  return units === 0 ? undefined : units;
};

/** Every limit that a run meets on its way, at default quotas of us-east-1. */
export const runLimits = (measured: Measured): readonly RunLimit[] => [
  {
    name: "Lambda of a fresh account, slow run",
    value: 10,
    per: "at once",
    isAdjustable: true,
    basis: "from memory",
    source: LAMBDA,
    uses: ({ slow }) => startedSeconds(slow),
  },
  {
    name: "Lambda, slow run waited for",
    value: 1000,
    per: "at once",
    isAdjustable: true,
    basis: "documented",
    source: LAMBDA,
    uses: ({ slow }) => heldSeconds(slow),
  },
  {
    name: "Lambda, slow run as it is",
    value: 1000,
    per: "at once",
    isAdjustable: true,
    basis: "documented",
    source: LAMBDA,
    uses: ({ slow }) => startedSeconds(slow),
  },
  {
    name: "Lambda, quick run as it is",
    value: 1000,
    per: "at once",
    isAdjustable: true,
    basis: "documented",
    source: LAMBDA,
    uses: ({ quick }) => startedSeconds(quick),
  },
  {
    name: "our CallerRateLimit, one scheduler",
    value: measured.callerCallsPerMinute,
    per: "minute",
    isAdjustable: true,
    basis: "ours",
    source: "infra/aws/tool-gateway.ts",
    uses: () => 1,
  },
  {
    name: "synchronous Express, slow run waited for, smaller regions",
    value: 1000,
    per: "at once",
    isAdjustable: true,
    basis: "documented",
    source: STEP_FUNCTIONS,
    uses: ({ slow }) => slow.workflowSeconds,
  },
  {
    name: "Device Shadow API",
    value: 4000,
    per: "second",
    isAdjustable: true,
    basis: "second hand",
    source: IOT,
    uses: ({ quick }) => shadowOperations(quick),
  },
  {
    name: "Device Shadow API, smaller regions",
    value: 400,
    per: "second",
    isAdjustable: true,
    basis: "second hand",
    source: IOT,
    uses: ({ quick }) => shadowOperations(quick),
  },
  {
    name: "inbound publishes",
    value: 20_000,
    per: "second",
    isAdjustable: true,
    basis: "second hand",
    source: IOT,
    uses: ({ quick }) => inboundPublishes(quick),
  },
  {
    name: "reads of a new audit table, slow run",
    value: 12_000,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: ON_DEMAND,
    uses: ({ slow }) => auditReadUnits(slow),
  },
  {
    name: "writes of a new audit table",
    value: 4000,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: ON_DEMAND,
    uses: ({ quick }) => auditWriteUnits(quick),
  },
  {
    name: "writes of a new index",
    value: 4000,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: ON_DEMAND,
    uses: ({ quick }) => mostIndexUnits(quick),
  },
  {
    name: "byDay, one partition for all homes",
    value: 1000,
    per: "second",
    isAdjustable: false,
    basis: "documented",
    source: PARTITION,
    uses: ({ quick }) => unitsInOneDay(quick),
  },
  {
    name: "AgentCore gateway, tools/call",
    value: 200,
    per: "second",
    isAdjustable: false,
    basis: "documented",
    source: AGENTCORE,
    uses: () => 1,
  },
  {
    name: "rule evaluations",
    value: 20_000,
    per: "second",
    isAdjustable: true,
    basis: "second hand",
    source: IOT,
    uses: ({ quick }) => quick.shadowMessages["update/documents"] ?? 0,
  },
  {
    name: "EventBridge Scheduler, invocations",
    value: 1000,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: SCHEDULER,
    uses: () => 1,
  },
  {
    name: "Express StartExecution",
    value: 6000,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: STEP_FUNCTIONS,
    uses: () => 1,
  },
];

/** A limit that homes use up by being there. */
export interface HomeLimit extends Limit {
  readonly perHome: number;
  readonly what: string;
}

const PEOPLE = 2;

/** Limits that have nothing to do with 22:00. */
export const homeLimits = ({ devices }: Measured): readonly HomeLimit[] => [
  {
    name: "connections",
    value: 500_000,
    per: "at once",
    isAdjustable: true,
    basis: "documented",
    source: IOT,
    perHome: devices,
    what: "devices",
  },
  {
    name: "CONNECTs after an outage",
    value: 500,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: IOT,
    perHome: devices,
    what: "devices",
  },
  {
    name: "registering devices",
    value: 15,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: IOT,
    perHome: devices,
    what: "devices",
  },
  {
    name: "signing in and refreshing",
    value: 120,
    per: "second",
    isAdjustable: true,
    basis: "documented",
    source: COGNITO,
    perHome: PEOPLE,
    what: "people",
  },
];

/** The quotas that the simulation holds an evening to. */
export const defaultQuotas = (measured: Measured): Quotas => ({
  callerCallsPerMinute: measured.callerCallsPerMinute,
  gatewayCallsPerSecond: 200,
  lambdaAtOnce: 1000,
  shadowOperationsPerSecond: 4000,
});

/** Read units a second of a new on-demand table; the simulation counts them and refuses none. */
export const AUDIT_READ_UNITS_A_SECOND = 12_000;
