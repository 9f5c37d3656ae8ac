// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html

import { createHash } from "node:crypto";
import db from "dynalite/db/index.js";
import { AwsError } from "#local/wire/aws-service.ts";
import { type Json, returnsFailedItem } from "../store/check-request.ts";
import type { AttributeMap, DynaliteRequest } from "../store/dynalite-types.ts";
import { fromDynalite, validationError, withFailedItem } from "../store/dynamo-error.ts";
import { type CheckedRequest, dynamoDbOperation } from "../store/operation.ts";
import type { Store } from "../store/store.ts";
import { findTable } from "../tables/find-table.ts";
import { DELETE_ITEM_ACTION } from "./delete-item.ts";
import { type ItemAction, writeItem } from "./item-action.ts";
import { PUT_ITEM_ACTION, putNewItem } from "./put-item.ts";
import {
  checkMembers,
  checkParts,
  consumedCapacity,
  partBytes,
  partsOf,
  refuseEmptyKeys,
  refuseSameItemTwice,
  runParts,
  type TransactPart,
  transactRequest,
} from "./transaction.ts";
import { transactionPermissions } from "./transaction-permissions.ts";
import { UPDATE_ITEM_ACTION } from "./update-item.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TOKEN_LENGTH = 36;
const BYTES_PER_WRITE_UNIT = 1024;

// A condition check has the parameters of a delete.
const ACTIONS: Readonly<Record<string, ItemAction>> = {
  Put: PUT_ITEM_ACTION,
  Update: UPDATE_ITEM_ACTION,
  Delete: DELETE_ITEM_ACTION,
  ConditionCheck: DELETE_ITEM_ACTION,
};

const check = (raw: Json): DynaliteRequest => {
  checkMembers("TransactWriteItems", raw, ["ClientRequestToken", "ReturnItemCollectionMetrics"]);
  const token = raw.ClientRequestToken ?? undefined;
  if (
    token !== undefined &&
    (typeof token !== "string" || token === "" || token.length > MAX_TOKEN_LENGTH)
  ) {
    throw validationError(
      `1 validation error detected: Value '${String(token)}' at 'clientRequestToken' failed to satisfy constraint: Member must have length ${
        token === "" ? "greater than or equal to 1" : `less than or equal to ${MAX_TOKEN_LENGTH}`
      }`,
    );
  }
  const parts = checkParts(raw, ACTIONS);
  if (parts.reduce((sum, part) => sum + partBytes(part), 0) > MAX_BYTES) {
    throw validationError("Collective size of items in the transaction cannot exceed 4MB");
  }
  return transactRequest(raw, parts);
};

const checkCondition = (store: Store, { raw, data }: TransactPart): Json => {
  const table = findTable(store, data.TableName);
  const invalid = db.validateKey(data.Key, table.description);
  if (invalid) throw fromDynalite(invalid);
  const found = store.item(table, db.createKey(data.Key, table.description));
  const item = found && (JSON.parse(found.json) as AttributeMap);
  const failed = db.checkConditional(data, item);
  if (!failed) return {};
  const error = fromDynalite(failed);
  throw error instanceof AwsError && returnsFailedItem(raw) ? withFailedItem(error, item) : error;
};

const runPart = (store: Store, part: TransactPart): Json => {
  const action = ACTIONS[part.kind];
  if (part.kind === "ConditionCheck" || action === undefined) return checkCondition(store, part);
  const put = part.kind === "Put" ? putNewItem(store, part.data) : undefined;
  return put ?? writeItem(action, store, part.raw, part.data);
};

const run = ({ store, raw, data, nowMs }: CheckedRequest): Json => {
  const parts = partsOf(data);
  const { ClientRequestToken: token, ...what } = raw;
  const hash = createHash("sha256").update(JSON.stringify(what)).digest("hex");
  const used = parts.map((part) => ({ table: part.data.TableName, bytes: partBytes(part) }));
  const answer = consumedCapacity(raw, used, BYTES_PER_WRITE_UNIT);
  return store.transaction(() => {
    const before = typeof token === "string" ? store.requestHash(token, nowMs) : undefined;
    if (before === hash) return answer;
    if (before !== undefined) {
      throw new AwsError(
        "IdempotentParameterMismatchException",
        "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical",
      );
    }
    refuseEmptyKeys(store, parts);
    refuseSameItemTwice(store, parts);
    runParts(parts, (part) => runPart(store, part));
    if (typeof token === "string") store.rememberRequest(token, hash, nowMs);
    return answer;
  });
};

/** TransactWriteItems: all or nothing, and with the same client token only once in ten minutes. */
export const TRANSACT_WRITE_ITEMS = dynamoDbOperation({
  name: "TransactWriteItems",
  check,
  permissions: transactionPermissions("TransactWriteItems"),
  run,
});
