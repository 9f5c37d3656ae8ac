import validations from "dynalite/validations/index.js";
import { notEmulated } from "#local/wire/aws-service.ts";
import { CHECKING_STORE } from "./dynalite-store.ts";
import type { DynaliteRequest, RequestCheck } from "./dynalite-types.ts";
import { fromDynalite, validationError } from "./dynamo-error.ts";
import { checkItemSize } from "./item-size.ts";
import { knownRequests } from "./known-requests.ts";
import { checkListIndexes, moveFarIndexes } from "./list-indexes.ts";
import { isPlainItem } from "./plain-item.ts";

const MAX_EXPRESSION_BYTES = 4096;
const KNOWN = knownRequests();

/** A JSON object whose members nobody has looked at. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * Checks the members of a request as DynamoDB does, and the size of the item that it puts, and gives them back with their expressions parsed.
 * `own` are the members that dynalite does not know and the operation sees to itself.
 * @throws AwsError as AWS answers, and `NotEmulated` for a member that nobody sees to.
 */
export const checkRequest = (
  operation: string,
  raw: Json,
  check: RequestCheck,
  own: readonly string[] = [],
): DynaliteRequest => {
  const same = KNOWN.sameAs(operation, raw);
  const known = same === undefined ? undefined : KNOWN.find(same, raw);
  if (known !== undefined) return known;
  for (const member of Object.keys(raw)) {
    if (raw[member] !== null && !Object.hasOwn(check.types, member) && !own.includes(member)) {
      throw notEmulated("DynamoDB", `${operation} with ${member}`);
    }
  }
  checkExpressions(operation, raw);
  try {
    // dynalite takes what it does not know out of the object that it is given.
    const { Item } = raw;
    const isPlain = isPlainItem(Item);
    const given = { ...raw, ...(isPlain ? { Item: {} } : {}) };
    const data = validations.checkTypes(given, check.types);
    validations.checkValidations(data, check.types, check.custom, CHECKING_STORE);
    moveFarIndexes(data);
    if (same !== undefined) KNOWN.keep(same, data);
    if (isPlain && data.Item !== undefined) return { ...data, Item };
    // A plain item is far from too large.
    if (data.Item !== undefined) {
      checkItemSize(data.Item, "Item size has exceeded the maximum allowed size");
    }
    return data;
  } catch (error) {
    throw fromDynalite(error);
  }
};

/**
 * Checks of a request's expressions what dynalite does not: their sizes, and their list indexes.
 * @throws AwsError `ValidationException`
 */
export const checkExpressions = (operation: string, raw: Json): void => {
  for (const [member, value] of Object.entries(raw)) {
    if (!member.endsWith("Expression") || typeof value !== "string") continue;
    const bytes = Buffer.byteLength(value, "utf8");
    if (bytes > MAX_EXPRESSION_BYTES) {
      // Only Scan says how long it was.
      // https://github.com/floci-io/floci/pull/3447
      const size = operation === "Scan" ? ` expression size: ${bytes}` : "";
      throw validationError(
        `Invalid ${member}: Expression size has exceeded the maximum allowed size;${size}`,
      );
    }
    checkListIndexes(member, value);
  }
};

/** @throws AwsError `ValidationException` for a value that is not one of the two. */
export const returnsFailedItem = (raw: Json): boolean => {
  const value = raw.ReturnValuesOnConditionCheckFailure;
  if (value === undefined || value === null || value === "NONE") return false;
  if (value === "ALL_OLD") return true;
  throw validationError(
    `1 validation error detected: Value '${String(value)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`,
  );
};
