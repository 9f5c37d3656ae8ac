// How an answer of another service becomes a task's result or failure:
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
import { randomUUID } from "node:crypto";
import { answerError } from "#local/wire/answer-error.ts";
import type { AwsAnswer } from "#local/wire/aws-call.ts";
import type { Json } from "#local/wire/json.ts";
import { StateFailure } from "../values/state-failure.ts";

/** How a service is named in the errors and causes of a task. */
export interface ServiceNames {
  /** `DynamoDB` in `DynamoDB.ConditionalCheckFailedException`. */
  readonly prefix: string;
  /** The error for what the service's API description does not name, e.g. `AmazonDynamoDBException`. */
  readonly generic: string;
  readonly modelled: ReadonlySet<string>;
  /** `AmazonDynamoDBv2` in a cause. */
  readonly service: string;
  /** The two generations of AWS's Java SDK write their causes differently; optimized integrations are of the first. */
  readonly sdk: 1 | 2;
}

/** Calls a service. A broken connection is a failure of the SDK's client, as AWS names it. */
export const callService = async (
  call: () => Promise<AwsAnswer>,
  names: ServiceNames,
): Promise<AwsAnswer> => {
  try {
    return await call();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StateFailure(
      `${names.prefix}.SdkClientException`,
      `Unable to execute HTTP request: ${reason}`,
    );
  }
};

const requestIdOf = (answer: AwsAnswer): string =>
  answer.headers["x-amzn-requestid"] ?? answer.headers["x-amz-request-id"] ?? randomUUID();

/** The failure for an error that a service answered. */
export const serviceFailure = (answer: AwsAnswer, names: ServiceNames): StateFailure => {
  const { code = "UnknownError", message = "null" } = answerError(answer);
  const error = `${names.prefix}.${names.modelled.has(code) ? withSuffix(code) : names.generic}`;
  const id = requestIdOf(answer);
  const cause =
    names.sdk === 1
      ? `${message} (Service: ${names.service}; Status Code: ${answer.status}; Error Code: ${code}; Request ID: ${id}; Proxy: null)`
      : `${message} (Service: ${names.service}, Status Code: ${answer.status}, Request ID: ${id}) (SDK Attempt Count: 1)`;
  return new StateFailure(error, cause);
};

const withSuffix = (code: string): string =>
  code.endsWith("Exception") ? code : `${code}Exception`;

// Node gives header names in lower case; AWS's results carry them as the services write them.
const HEADER_NAMES: Readonly<Record<string, string>> = {
  connection: "Connection",
  "content-length": "Content-Length",
  "content-type": "Content-Type",
  date: "Date",
  server: "Server",
  "x-amz-crc32": "x-amz-crc32",
  "x-amz-executed-version": "X-Amz-Executed-Version",
  "x-amzn-remapped-content-length": "x-amzn-Remapped-Content-Length",
  "x-amzn-requestid": "x-amzn-RequestId",
  "x-amzn-trace-id": "X-Amzn-Trace-Id",
};

/** The two members that the optimized integrations add to a result. */
export const sdkMetadata = (answer: AwsAnswer): { readonly [name: string]: Json } => {
  const all: Record<string, Json> = {};
  const single: Record<string, Json> = {};
  for (const [lower, value] of Object.entries(answer.headers)) {
    const name = HEADER_NAMES[lower];
    if (name === undefined || value === undefined) continue;
    all[name] = [value];
    single[name] = value;
  }
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: all,
      HttpHeaders: single,
      HttpStatusCode: answer.status,
    },
    SdkResponseMetadata: { RequestId: requestIdOf(answer) },
  };
};
