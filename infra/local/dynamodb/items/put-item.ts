// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
import action from "dynalite/actions/putItem.js";
import check from "dynalite/validations/putItem.js";
import { type ItemAction, writeOperation } from "./item-action.ts";

/** How one item is put; transactions do it the same way. */
export const PUT_ITEM_ACTION: ItemAction = { name: "PutItem", check, action };

/** PutItem. */
export const PUT_ITEM = writeOperation(PUT_ITEM_ACTION);
