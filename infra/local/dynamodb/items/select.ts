// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select
// Texts: https://github.com/paritysuite/dynamodb-conformance (tests/tier1/scan/select.test.ts, tests/tier3/error-messages)
import type { Json } from "../store/check-request.ts";
import { validationError } from "../store/dynamo-error.ts";

/**
 * Refuses a Select that contradicts the list of attributes beside it, or the table.
 * @throws AwsError `ValidationException`
 */
export const checkSelect = (operation: "Query" | "Scan", raw: Json): void => {
  const { Select, ProjectionExpression, AttributesToGet, IndexName } = raw;
  const list = isGiven(ProjectionExpression)
    ? "ProjectionExpression"
    : isGiven(AttributesToGet)
      ? "AttributesToGet"
      : undefined;
  if (Select === "SPECIFIC_ATTRIBUTES" && list === undefined) {
    const text =
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
    // Only Query says how many errors there are.
    throw validationError(operation === "Query" ? `1 validation error detected: ${text}` : text);
  }
  if (isGiven(Select) && Select !== "SPECIFIC_ATTRIBUTES" && list !== undefined) {
    const what = Select === "COUNT" ? "only the Count" : String(Select);
    throw validationError(`Cannot specify the ${list} when choosing to get ${what}`);
  }
  if (Select === "ALL_PROJECTED_ATTRIBUTES" && !isGiven(IndexName)) {
    // A Scan says "Querying" too.
    throw validationError(
      "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    );
  }
};

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
