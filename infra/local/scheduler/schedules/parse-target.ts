// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html
import { notEmulated } from "#local/wire/aws-service.ts";
import type { Json, JsonObject } from "#local/wire/json.ts";
import type { Constraints } from "./constraints.ts";
import type { ScheduleTarget } from "./schedule-settings.ts";
import { invalid } from "./scheduler-error.ts";
import { checkInput, refuseReading, targetCall } from "./target.ts";

const ARN = { most: 1600 };
const INPUT_BYTES = 256 * 1024;
const PARAMETERS = [
  "EcsParameters",
  "EventBridgeParameters",
  "EventBridgePutEventsV2Parameters",
  "EventBridgePutRawEventsParameters",
  "KinesisParameters",
  "SageMakerPipelineParameters",
  "SqsParameters",
];

/**
 * Reads a target; `undefined` when a constraint was not kept.
 * @throws AwsError `ValidationException`, `NotEmulated` for one that nothing here can be
 */
export const parseTarget = (
  read: Constraints,
  operation: string,
  given: Json | undefined,
): ScheduleTarget | undefined => {
  const target = read.structure("target", given);
  if (!read.required("target", target)) return undefined;
  const arn = read.text("target.arn", target.Arn, ARN);
  const roleArn = read.text("target.roleArn", target.RoleArn, {
    ...ARN,
    pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  });
  const input = read.text("target.input", target.Input, { most: INPUT_BYTES });
  const retry = parseRetry(read, target);
  const deadLetter = parseDeadLetter(read, target);
  const hasArn = read.required("target.arn", arn);
  if (!read.required("target.roleArn", roleArn) || !hasArn) return undefined;
  read.check();
  const missing = (what: string) =>
    notEmulated("EventBridge Scheduler", `${operation} with ${what}`);
  const parameters = PARAMETERS.find((name) => target[name] !== undefined);
  if (parameters !== undefined) throw missing(parameters);
  refuseReading(arn);
  const call = targetCall(arn);
  if ("missing" in call) throw missing(call.missing);
  // What AWS sends where there is none, its pages do not say.
  if (input === undefined) throw missing("a target without Input");
  if (Buffer.byteLength(input) > INPUT_BYTES)
    throw invalid("The target's Input is larger than 256 KB.");
  checkInput(call, input);
  return { Arn: arn, RoleArn: roleArn, Input: input, RetryPolicy: retry, ...deadLetter };
};

const parseRetry = (read: Constraints, target: JsonObject): ScheduleTarget["RetryPolicy"] => {
  const policy = read.structure("target.retryPolicy", target.RetryPolicy) ?? {};
  const age = read.integer(
    "target.retryPolicy.maximumEventAgeInSeconds",
    policy.MaximumEventAgeInSeconds,
    { least: 60, most: 86_400 },
  );
  const attempts = read.integer(
    "target.retryPolicy.maximumRetryAttempts",
    policy.MaximumRetryAttempts,
    { least: 0, most: 185 },
  );
  return { MaximumEventAgeInSeconds: age ?? 86_400, MaximumRetryAttempts: attempts ?? 185 };
};

const parseDeadLetter = (
  read: Constraints,
  target: JsonObject,
): Pick<ScheduleTarget, "DeadLetterConfig"> => {
  const config = read.structure("target.deadLetterConfig", target.DeadLetterConfig);
  const arn = read.text("target.deadLetterConfig.arn", config?.Arn, {
    ...ARN,
    pattern: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9_.-]+$/,
  });
  if (arn?.endsWith(".fifo")) throw invalid("The dead-letter queue must be a standard queue.");
  return arn === undefined ? {} : { DeadLetterConfig: { Arn: arn } };
};
