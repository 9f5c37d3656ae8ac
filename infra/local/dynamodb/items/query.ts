// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
import action from "dynalite/actions/query.js";
import check from "dynalite/validations/query.js";
import { byDynalite, readOperation } from "./item-action.ts";
import { queryPartition } from "./query-partition.ts";
import { checkSelect } from "./select.ts";

const queryByDynalite = byDynalite(action);

/** Query, on a table or an index. */
export const QUERY = readOperation({
  name: "Query",
  check,
  carryOut: (store, data) => queryPartition(store, data) ?? queryByDynalite(store, data),
  checkMore: (raw) => checkSelect("Query", raw),
});
