// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
import action from "dynalite/actions/updateItem.js";
import check from "dynalite/validations/updateItem.js";
import { byDynalite, type ItemAction, writeOperation } from "./item-action.ts";

/** How one item is updated; transactions do it the same way. */
export const UPDATE_ITEM_ACTION: ItemAction = {
  name: "UpdateItem",
  check,
  carryOut: byDynalite(action),
};

/** UpdateItem. */
export const UPDATE_ITEM = writeOperation(UPDATE_ITEM_ACTION);
