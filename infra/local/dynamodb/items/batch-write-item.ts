// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html

import action from "dynalite/actions/batchWriteItem.js";
import check from "dynalite/validations/batchWriteItem.js";
import { isObject } from "#local/wire/json.ts";
import { checkRequest, type Json } from "../store/check-request.ts";
import { runDynalite } from "../store/dynalite-store.ts";
import type { AttributeMap, DynaliteRequest } from "../store/dynalite-types.ts";
import { checkItemSize } from "../store/item-size.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import { batchPermissions } from "./batch-permissions.ts";

const checkBatch = (raw: Json): DynaliteRequest => {
  const data = checkRequest("BatchWriteItem", raw, check);
  for (const requests of Object.values(data.RequestItems ?? {})) {
    for (const request of requests as readonly Json[]) {
      if (isObject(request.PutRequest)) {
        const item = request.PutRequest.Item as AttributeMap;
        checkItemSize(item, "Item size has exceeded the maximum allowed size");
      }
    }
  }
  return data;
};

/** BatchWriteItem. In AWS each write stands alone; here they are also kept or lost together, which a caller cannot rely on. */
export const BATCH_WRITE_ITEM = dynamoDbOperation({
  name: "BatchWriteItem",
  check: checkBatch,
  permissions: batchPermissions("BatchWriteItem"),
  run: ({ store, data }) => store.transaction(() => runDynalite(action, store, data)),
});
