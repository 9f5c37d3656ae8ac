// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
import action from "dynalite/actions/batchGetItem.js";
import check from "dynalite/validations/batchGetItem.js";
import { isObject } from "#local/wire/json.ts";
import { checkExpressions, checkRequest } from "../store/check-request.ts";
import { runDynalite } from "../store/dynalite-store.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import { underRequestedNames } from "../store/table-arn.ts";
import { batchOfStored, jsonByTable } from "./batch-of-stored.ts";
import { batchPermissions } from "./batch-permissions.ts";

/** BatchGetItem. */
export const BATCH_GET_ITEM = dynamoDbOperation({
  name: "BatchGetItem",
  check: (raw) => {
    // Each table has a projection of its own.
    const tables = isObject(raw.RequestItems) ? Object.values(raw.RequestItems) : [];
    for (const table of tables.filter(isObject)) checkExpressions("BatchGetItem", table);
    return checkRequest("BatchGetItem", raw, check);
  },
  permissions: batchPermissions("BatchGetItem"),
  run: ({ store, region, accountId, input, data }) => {
    const here = { region, accountId };
    const stored = batchOfStored(store, data);
    if (stored !== undefined) return jsonByTable(underRequestedNames(input, here, stored));
    const { Responses, UnprocessedKeys, ...more } = runDynalite(action, store, data);
    return {
      ...more,
      Responses: underRequestedNames(input, here, Responses),
      UnprocessedKeys: underRequestedNames(input, here, UnprocessedKeys),
    };
  },
});
