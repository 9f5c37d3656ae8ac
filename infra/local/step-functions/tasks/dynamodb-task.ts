// https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html (optimized) and
// https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { callJson } from "#local/wire/call-json.ts";
import { isObject, type Json } from "#local/wire/json.ts";
import { DYNAMODB } from "#local/wire/json-api.ts";
import { parseJson } from "../values/json.ts";
import { callService, type ServiceNames, sdkMetadata, serviceFailure } from "./service-answer.ts";

// The errors that DynamoDB's API description names. AccessDeniedException and ValidationException are not among them, so
// that a task sees AWS's generic error, with the code in its cause.
const MODELLED: ReadonlySet<string> = new Set([
  "BackupInUseException",
  "BackupNotFoundException",
  "ConditionalCheckFailedException",
  "ContinuousBackupsUnavailableException",
  "DuplicateItemException",
  "GlobalTableAlreadyExistsException",
  "GlobalTableNotFoundException",
  "IdempotentParameterMismatchException",
  "InternalServerError",
  "ItemCollectionSizeLimitExceededException",
  "LimitExceededException",
  "PolicyNotFoundException",
  "ProvisionedThroughputExceededException",
  "ReplicatedWriteConflictException",
  "RequestLimitExceeded",
  "ResourceInUseException",
  "ResourceNotFoundException",
  "TableAlreadyExistsException",
  "TableInUseException",
  "TableNotFoundException",
  "ThrottlingException",
  "TransactionCanceledException",
  "TransactionConflictException",
  "TransactionInProgressException",
]);

const NAMES: Readonly<Record<"optimized" | "sdk", ServiceNames>> = {
  optimized: {
    prefix: "DynamoDB",
    generic: "AmazonDynamoDBException",
    service: "AmazonDynamoDBv2",
    sdk: 1,
    modelled: MODELLED,
  },
  sdk: {
    prefix: "DynamoDb",
    generic: "DynamoDbException",
    service: "DynamoDb",
    sdk: 2,
    modelled: MODELLED,
  },
};

/** Calls one DynamoDB operation, named in camel case as in the Resource. */
export const callDynamoDb = async (
  access: AwsAccess,
  action: string,
  args: Json,
  signal: AbortSignal,
  integration: "optimized" | "sdk",
): Promise<Json> => {
  const names = NAMES[integration];
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  const answer = await callService(
    () => callJson(access, DYNAMODB, operation, isObject(args) ? args : {}, signal),
    names,
  );
  if (answer.status >= 300) throw serviceFailure(answer, names);
  const parsed = parseJson(answer.body.toString("utf8"));
  const result = isObject(parsed) ? parsed : {};
  return integration === "optimized" ? { ...result, ...sdkMetadata(answer) } : result;
};
