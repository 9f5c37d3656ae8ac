// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
import action from "dynalite/actions/batchGetItem.js";
import check from "dynalite/validations/batchGetItem.js";
import type { Operation } from "../store/operation.ts";
import { readOperation } from "./item-action.ts";

/** BatchGetItem. */
export const BATCH_GET_ITEM: Operation = readOperation({ name: "BatchGetItem", check, action });
