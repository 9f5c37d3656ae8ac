import { AwsError } from "#local/wire/aws-service.ts";
import type { AttributeMap } from "./dynalite-types.ts";

/** A request that DynamoDB refuses for what it says. */
export const validationError = (message: string): AwsError =>
  new AwsError("ValidationException", message);

/** A table that is not there, in the words of the item operations. */
export const tableNotFound = (name?: string): AwsError =>
  new AwsError(
    "ResourceNotFoundException",
    name === undefined
      ? "Requested resource not found"
      : `Requested resource not found: Table: ${name} not found`,
  );

/** dynalite's errors carry the body that AWS would send; everything else is a fault of ours. */
export const fromDynalite = (error: unknown): Error => {
  if (error instanceof AwsError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  // A document deeper than the call stack; DynamoDB stops at 32.
  if (error instanceof RangeError && /call stack/.test(error.message)) {
    return validationError("Nesting Levels have exceeded supported limits");
  }
  const { statusCode, body } = error as Error & {
    readonly statusCode?: number;
    readonly body?: {
      readonly __type?: string;
      readonly message?: string;
      readonly Message?: string;
    };
  };
  const code = body?.__type?.split("#").at(-1);
  if (statusCode === undefined || code === undefined) return error;
  return new AwsError(code, body?.message ?? body?.Message ?? "", { status: statusCode });
};

// https://github.com/paritysuite/dynamodb-conformance (tests/tier3/error-messages, captured from AWS until 2026-10).
const OF_EXPRESSIONS =
  /^(Invalid \w+Expression: |Value provided in ExpressionAttribute|ExpressionAttribute|Can not use both expression)/;

/**
 * The error of a single write with what AWS puts before those about expressions since summer 2026. Reads and
 * transactions say the same without it.
 */
export const inEnvelope = (error: unknown): unknown => {
  if (!(error instanceof AwsError) || error.code !== "ValidationException") return error;
  if (!OF_EXPRESSIONS.test(error.message)) return error;
  // With the envelope went the name of the expression that is missing.
  const message = error.message.replace(/(when using expressions): .*/, "$1");
  return new AwsError(error.code, `1 validation error detected: ${message}`, {
    status: error.status,
  });
};

/** The error of a failed condition, with the item that failed it where the caller asked for it. */
export const withFailedItem = (error: AwsError, item: AttributeMap | undefined): AwsError =>
  item === undefined
    ? error
    : new AwsError(error.code, error.message, { status: error.status, fields: { Item: item } });

const NAMESPACES: Readonly<Record<string, string>> = {
  ValidationException: "com.amazon.coral.validate",
  SerializationException: "com.amazon.coral.service",
  UnknownOperationException: "com.amazon.coral.service",
};

/** The error with the long name that DynamoDB gives it in the body; the SDKs cut it off at the `#`. */
export const withNamespace = (error: unknown): unknown => {
  if (!(error instanceof AwsError) || error.code === "NotEmulated") return error;
  const namespace = NAMESPACES[error.code] ?? "com.amazonaws.dynamodb.v20120810";
  return new AwsError(error.code, error.message, {
    status: error.status,
    fields: { __type: `${namespace}#${error.code}`, ...error.fields },
    cause: error.cause,
  });
};
