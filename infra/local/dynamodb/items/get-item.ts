// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
import action from "dynalite/actions/getItem.js";
import check from "dynalite/validations/getItem.js";
import { byDynalite, type ItemAction, readOperation } from "./item-action.ts";

/** How one item is read; transactions do it the same way. */
export const GET_ITEM_ACTION: ItemAction = { name: "GetItem", check, carryOut: byDynalite(action) };

/** GetItem. */
export const GET_ITEM = readOperation(GET_ITEM_ACTION);
