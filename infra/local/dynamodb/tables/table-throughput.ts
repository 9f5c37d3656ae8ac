// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
// The texts are dynalite's, which has them from AWS.
import { isObject } from "#local/wire/json.ts";
import type { Json } from "../store/check-request.ts";
import type { DynaliteTable } from "../store/dynalite-types.ts";
import { validationError } from "../store/dynamo-error.ts";

const UNITS = ["WriteCapacityUnits", "ReadCapacityUnits"] as const;

/**
 * Refuses throughput of nothing; `at` is where it stands in the request.
 * @throws AwsError `ValidationException`
 */
export const checkThroughput = (units: unknown, at: string): void => {
  if (!isObject(units)) return;
  for (const name of UNITS) {
    const value = units[name];
    const [found, constraint] =
      value === undefined || value === null
        ? ["null", "not be null"]
        : [`'${String(value)}'`, "have value greater than or equal to 1"];
    if (typeof value === "number" && value >= 1) continue;
    throw validationError(
      `1 validation error detected: Value ${found} at '${at}.${lowerFirst(name)}' failed to satisfy constraint: Member must ${constraint}`,
    );
  }
};

const lowerFirst = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/**
 * Refuses throughput that a table on demand has not, and what would change nothing.
 * @throws AwsError `ValidationException`
 */
export const checkThroughputChange = (
  raw: Json,
  table: DynaliteTable,
  current: unknown,
  requested: unknown,
): void => {
  if (!isObject(requested)) return;
  const mode = isObject(table.BillingModeSummary)
    ? table.BillingModeSummary.BillingMode
    : "PROVISIONED";
  if ((raw.BillingMode ?? mode) === "PAY_PER_REQUEST") {
    throw validationError(
      "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    );
  }
  const before = isObject(current) ? current : {};
  if (UNITS.some((name) => before[name] !== requested[name])) return;
  const line = (name: string): string =>
    `Current ${name} provisioned for the table: ${String(before[name])}. Requested ${name}: ${String(requested[name])}. `;
  throw validationError(
    `The provisioned throughput for the table will not change. The requested value equals the current value. ${line("ReadCapacityUnits")}${line("WriteCapacityUnits")}Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
  );
};
