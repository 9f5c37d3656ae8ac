import type { Basis } from "./limits.ts";

/** A unit's list price in us-east-1, in US dollars, without free tiers. */
export interface Price {
  readonly dollars: number;
  readonly unit: string;
  readonly basis: Basis;
  readonly source: string;
  /** When the source was written, as far as that is known. */
  readonly asOf: string;
}

const LAMBDA = "https://aws.amazon.com/lambda/pricing/";
const STEP_FUNCTIONS = "https://aws.amazon.com/step-functions/pricing/";
const DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const IOT = "https://aws.amazon.com/iot-core/pricing/";

/** All prices that the bill is made of. */
export const PRICES = {
  lambdaGbSecond: {
    dollars: 0.000_013_333_4,
    unit: "GB-second of Lambda, arm64",
    basis: "from memory",
    source: LAMBDA,
    asOf: "2024",
  },
  lambdaRequest: {
    dollars: 0.2e-6,
    unit: "Lambda request",
    basis: "from memory",
    source: LAMBDA,
    asOf: "2024",
  },
  expressRequest: {
    dollars: 1e-6,
    unit: "Express execution",
    basis: "from memory",
    source: STEP_FUNCTIONS,
    asOf: "2024",
  },
  expressGbSecond: {
    dollars: 0.000_016_67,
    unit: "GB-second of Express, 64 MB at least",
    basis: "from memory",
    source: STEP_FUNCTIONS,
    asOf: "2024",
  },
  writeUnit: {
    dollars: 0.625e-6,
    unit: "DynamoDB write request unit",
    basis: "second hand",
    source: DYNAMODB,
    asOf: "2025",
  },
  readUnit: {
    dollars: 0.125e-6,
    unit: "DynamoDB read request unit",
    basis: "second hand",
    source: DYNAMODB,
    asOf: "2025",
  },
  storedGbMonth: {
    dollars: 0.25,
    unit: "GB-month of DynamoDB",
    basis: "from memory",
    source: DYNAMODB,
    asOf: "2024",
  },
  infrequentWriteUnit: {
    dollars: 0.78e-6,
    unit: "DynamoDB write request unit, Standard-Infrequent Access",
    basis: "from memory",
    source: DYNAMODB,
    asOf: "2025",
  },
  infrequentReadUnit: {
    dollars: 0.155e-6,
    unit: "DynamoDB read request unit, Standard-Infrequent Access",
    basis: "from memory",
    source: DYNAMODB,
    asOf: "2025",
  },
  infrequentGbMonth: {
    dollars: 0.1,
    unit: "GB-month of DynamoDB, Standard-Infrequent Access",
    basis: "from memory",
    source: DYNAMODB,
    asOf: "2025",
  },
  recoveryGbMonth: {
    dollars: 0.2,
    unit: "GB-month of point-in-time recovery",
    basis: "from memory",
    source: DYNAMODB,
    asOf: "2024",
  },
  connectionMinute: {
    dollars: 0.08e-6,
    unit: "minute of an IoT connection",
    basis: "second hand",
    source: IOT,
    asOf: "2026-09",
  },
  iotMessage: {
    dollars: 1e-6,
    unit: "IoT message of 5 KB",
    basis: "second hand",
    source: IOT,
    asOf: "2026-09",
  },
  shadowOperation: {
    dollars: 1.25e-6,
    unit: "shadow operation of 1 KB",
    basis: "second hand",
    source: IOT,
    asOf: "2026-09",
  },
  ruleStep: {
    dollars: 0.15e-6,
    unit: "rule triggered, or action taken",
    basis: "second hand",
    source: IOT,
    asOf: "2026-09",
  },
  gatewayCall: {
    dollars: 0.005e-3,
    unit: "AgentCore gateway call",
    basis: "documented",
    source: "https://aws.amazon.com/bedrock/agentcore/pricing/",
    asOf: "2026",
  },
  loggedGb: {
    dollars: 0.5,
    unit: "GB into CloudWatch Logs",
    basis: "from memory",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    asOf: "2024",
  },
  alarmMetric: {
    dollars: 0.1,
    unit: "metric of an alarm, a month",
    basis: "second hand",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    asOf: "2026-09",
  },
  ownMetric: {
    dollars: 0.3,
    unit: "metric of one's own, a month",
    basis: "second hand",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    asOf: "2026-09",
  },
  dashboard: {
    dollars: 3,
    unit: "dashboard, a month",
    basis: "second hand",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    asOf: "2026-09",
  },
  signingKey: {
    dollars: 1,
    unit: "key of KMS, a month",
    basis: "second hand",
    source: "https://aws.amazon.com/kms/pricing/",
    asOf: "2026-09",
  },
  signature: {
    dollars: 0.15 / 10_000,
    unit: "signature by KMS, asymmetric",
    basis: "second hand",
    source: "https://aws.amazon.com/kms/pricing/",
    asOf: "2026-09",
  },
  secret: {
    dollars: 0.4,
    unit: "secret, a month",
    basis: "from memory",
    source: "https://aws.amazon.com/secrets-manager/pricing/",
    asOf: "2024",
  },
  scheduledCall: {
    dollars: 1e-6,
    unit: "call of EventBridge Scheduler",
    basis: "from memory",
    source: "https://aws.amazon.com/eventbridge/pricing/",
    asOf: "2024",
  },
  machineClient: {
    dollars: 6,
    unit: "Cognito app client of a machine, a month",
    basis: "second hand",
    source: "https://aws.amazon.com/cognito/pricing/",
    asOf: "2025-05",
  },
  machineToken: {
    dollars: 2.25 / 1000,
    unit: "token of a machine",
    basis: "second hand",
    source: "https://aws.amazon.com/cognito/pricing/",
    asOf: "2025-04",
  },
  activeUser: {
    dollars: 0.015,
    unit: "Cognito user of the month, Essentials, beyond 10,000",
    basis: "from memory",
    source: "https://aws.amazon.com/cognito/pricing/",
    asOf: "2025",
  },
} as const satisfies Readonly<Record<string, Price>>;
