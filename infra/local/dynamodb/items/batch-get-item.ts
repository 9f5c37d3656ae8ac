// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
import action from "dynalite/actions/batchGetItem.js";
import check from "dynalite/validations/batchGetItem.js";
import { checkExpressions, isJson } from "../store/check-request.ts";
import type { Operation } from "../store/operation.ts";
import { readOperation } from "./item-action.ts";

const read = readOperation({ name: "BatchGetItem", check, action });

/** BatchGetItem. */
export const BATCH_GET_ITEM: Operation = {
  ...read,
  check: (raw) => {
    // Each table has a projection of its own.
    const tables = isJson(raw.RequestItems) ? Object.values(raw.RequestItems) : [];
    for (const table of tables.filter(isJson)) checkExpressions(table);
    return read.check(raw);
  },
};
