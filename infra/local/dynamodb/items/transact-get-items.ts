// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
import { isObject } from "#local/wire/json.ts";
import type { AttributeMap } from "../store/dynalite-types.ts";
import { itemBytes } from "../store/item-size.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import { GET_ITEM_ACTION } from "./get-item.ts";
import {
  checkMembers,
  checkParts,
  consumedCapacity,
  partsOf,
  refuseEmptyKeys,
  refuseSameItemTwice,
  runParts,
  transactRequest,
} from "./transaction.ts";
import { transactionPermissions } from "./transaction-permissions.ts";

const BYTES_PER_READ_UNIT = 4096;

/** TransactGetItems: all items as they were at one moment. */
export const TRANSACT_GET_ITEMS = dynamoDbOperation({
  name: "TransactGetItems",
  check: (raw) => {
    checkMembers("TransactGetItems", raw, []);
    return transactRequest(raw, checkParts(raw, { Get: GET_ITEM_ACTION }));
  },
  permissions: transactionPermissions("TransactGetItems"),
  run: ({ store, raw, data }) => {
    const parts = partsOf(data);
    refuseEmptyKeys(store, parts);
    refuseSameItemTwice(store, parts);
    const responses = runParts(parts, (part) => {
      const { Item } = GET_ITEM_ACTION.carryOut(store, part.data);
      return isObject(Item) ? { Item: Item as AttributeMap } : {};
    });
    const used = responses.map(({ Item }, i) => ({
      table: parts[i]?.data.TableName ?? "",
      bytes: Item === undefined ? 0 : itemBytes(Item),
    }));
    return { Responses: responses, ...consumedCapacity(raw, used, BYTES_PER_READ_UNIT) };
  },
});
