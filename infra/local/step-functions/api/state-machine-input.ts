// The members that CreateStateMachine and UpdateStateMachine have in common.
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { isArray, isObject, type JsonObject } from "#local/wire/json.ts";
import { checkDefinition } from "../check/check-definition.ts";
import type { Machine } from "../compile/asl.ts";
import type { Engine } from "../run/execution.ts";
import type { LoggingConfiguration } from "../store/store.ts";
import {
  optionalFlag,
  optionalObject,
  optionalText,
  optionalWord,
} from "../values/request-input.ts";

const MAX_DEFINITION_BYTES = 1_048_576;

/**
 * Checks a definition as it is done when a machine is created.
 * @throws AwsError `InvalidDefinition`, with every error that was found.
 */
export const readDefinition = (text: string, type: "STANDARD" | "EXPRESS"): Machine => {
  if (Buffer.byteLength(text) > MAX_DEFINITION_BYTES) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to ${MAX_DEFINITION_BYTES}`,
    );
  }
  const checked = checkDefinition(text, type);
  const errors = checked.diagnostics;
  if (checked.machine !== undefined) return checked.machine;
  const [unknown] = checked.notEmulated;
  if (errors.length === 0 && unknown !== undefined) throw notEmulated("Step Functions", unknown);
  // Recorded: where a mistake has no location, 'at null' is what AWS writes.
  const list = errors.map(
    ({ code, message, location }) => `${code}: ${message} at ${location ?? "null"}`,
  );
  throw new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${list.join(", ")}'`);
};

const LEVELS = ["ALL", "ERROR", "FATAL", "OFF"] as const;

/**
 * Reads a logging configuration.
 * @throws AwsError `InvalidLoggingConfiguration`
 */
export const readLogging = (input: JsonObject): LoggingConfiguration => {
  const given = optionalObject(input, "loggingConfiguration") ?? {};
  const level = optionalWord(given, "level", LEVELS) ?? "OFF";
  const logGroupArns: string[] = [];
  const destinations = isArray(given.destinations) ? given.destinations : [];
  for (const destination of destinations) {
    const group = isObject(destination) ? destination.cloudWatchLogsLogGroup : undefined;
    const arn = isObject(group) ? optionalText(group, "logGroupArn") : undefined;
    if (arn === undefined || !/^arn:aws[a-z-]*:logs:[^:]*:\d{12}:log-group:[^:]+:\*$/.test(arn)) {
      throw new AwsError(
        "InvalidLoggingConfiguration",
        "Invalid Logging Configuration: Log Destination cannot be found.",
      );
    }
    logGroupArns.push(arn);
  }
  if (logGroupArns.length > 1 || (level !== "OFF" && logGroupArns.length === 0)) {
    throw new AwsError(
      "InvalidLoggingConfiguration",
      "Invalid Logging Configuration: Must specify exactly one Log Destination.",
    );
  }
  return {
    level,
    includeExecutionData: optionalFlag(given, "includeExecutionData") ?? false,
    logGroupArns,
  };
};

/** Claims that tracing is switched on; nothing is traced here. */
export const readTracing = (input: JsonObject): boolean => {
  const given = optionalObject(input, "tracingConfiguration");
  return given === undefined ? false : (optionalFlag(given, "enabled") ?? false);
};

/** @throws AwsError `NotEmulated` for versions and for keys of one's own. */
export const refuseWhatIsNotEmulated = (input: JsonObject): void => {
  if (optionalFlag(input, "publish") === true) {
    throw notEmulated("Step Functions", "versions (publish)");
  }
  const encryption = optionalObject(input, "encryptionConfiguration");
  if (encryption !== undefined && encryption.type !== "AWS_OWNED_KEY") {
    throw notEmulated("Step Functions", "customer managed keys (encryptionConfiguration)");
  }
};

/**
 * Promises that Step Functions may assume a role.
 * @throws AwsError `AccessDeniedException`, with AWS's text.
 */
export const requireAssumable = (engine: Engine, roleArn: string): void => {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(roleArn)) {
    throw new AwsError("InvalidArn", `Invalid Role Arn: '${roleArn}'`);
  }
  try {
    engine.access(roleArn);
  } catch (cause) {
    throw new AwsError(
      "AccessDeniedException",
      "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
      { cause },
    );
  }
};
