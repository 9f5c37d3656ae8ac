// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
import check from "dynalite/validations/describeTable.js";
import { isObject } from "#local/wire/json.ts";
import { checkRequest, type Json } from "../store/check-request.ts";
import type { AttributeMap } from "../store/dynalite-types.ts";
import { validationError } from "../store/dynamo-error.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import type { TableSettings } from "../store/store.ts";
import { expiryOf } from "../store/time-to-live.ts";
import { findTable } from "./find-table.ts";

const MAX_NAME_LENGTH = 255;

const parseSpecification = (
  raw: Json,
): { readonly attribute: string; readonly enabled: boolean } => {
  const { TimeToLiveSpecification: wanted } = raw;
  if (!isObject(wanted) || typeof wanted.Enabled !== "boolean") {
    throw validationError(
      "1 validation error detected: Value null at 'timeToLiveSpecification' failed to satisfy constraint: Member must not be null",
    );
  }
  const { AttributeName: attribute } = wanted;
  if (typeof attribute !== "string" || attribute === "" || attribute.length > MAX_NAME_LENGTH) {
    throw validationError("TimeToLiveSpecification.AttributeName must have 1 to 255 characters");
  }
  return { attribute, enabled: wanted.Enabled };
};

/** UpdateTimeToLive. It holds at once, also for the items that are there; AWS takes up to an hour. */
export const UPDATE_TIME_TO_LIVE = dynamoDbOperation({
  name: "UpdateTimeToLive",
  check: (raw) => {
    const data = checkRequest("UpdateTimeToLive", raw, check, ["TimeToLiveSpecification"]);
    parseSpecification(raw);
    return data;
  },
  run: ({ store, raw, data, nowMs }) => {
    const table = findTable(store, data.TableName);
    const { attribute, enabled } = parseSpecification(raw);
    const { timeToLiveAttribute: current, ...others } = table.settings;
    if (enabled && current !== undefined) throw validationError("TimeToLive is already enabled");
    if (!enabled && current === undefined) throw validationError("TimeToLive is already disabled");
    if (!enabled && current !== attribute) {
      throw validationError(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
      );
    }
    const settings: TableSettings = enabled
      ? { ...others, timeToLiveAttribute: attribute }
      : others;
    store.transaction(() => {
      store.changeTable({ ...table, settings });
      for (const { id, json } of store.allItems(table)) {
        store.setExpiry(id, expiryOf(JSON.parse(json) as AttributeMap, settings, nowMs / 1000));
      }
    });
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
  },
});
