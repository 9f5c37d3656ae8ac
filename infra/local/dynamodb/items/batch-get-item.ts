// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
import action from "dynalite/actions/batchGetItem.js";
import check from "dynalite/validations/batchGetItem.js";
import { batchPermissions } from "./batch-permissions.ts";
import { readOperation } from "./item-action.ts";

/** BatchGetItem. */
export const BATCH_GET_ITEM = readOperation(
  { name: "BatchGetItem", check, action },
  batchPermissions("BatchGetItem"),
);
