// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
import action from "dynalite/actions/deleteItem.js";
import check from "dynalite/validations/deleteItem.js";
import { byDynalite, type ItemAction, writeOperation } from "./item-action.ts";

/** How one item is deleted; transactions do it the same way. */
export const DELETE_ITEM_ACTION: ItemAction = {
  name: "DeleteItem",
  check,
  carryOut: byDynalite(action),
};

/** DeleteItem. */
export const DELETE_ITEM = writeOperation(DELETE_ITEM_ACTION);
