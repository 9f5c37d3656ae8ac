// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
import check from "dynalite/validations/describeTable.js";
import { isObject } from "#local/wire/json.ts";
import { checkRequest, type Json } from "../store/check-request.ts";
import { validationError } from "../store/dynamo-error.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import type { TableSettings } from "../store/store.ts";
import { describeBackups, findBackedUp } from "./continuous-backups.ts";

const MAX_RECOVERY_DAYS = 35;

const parseSpecification = (raw: Json): { readonly enabled: boolean; readonly days: number } => {
  const wanted = raw.PointInTimeRecoverySpecification;
  if (!isObject(wanted) || typeof wanted.PointInTimeRecoveryEnabled !== "boolean") {
    throw validationError(
      "1 validation error detected: Value null at 'pointInTimeRecoverySpecification' failed to satisfy constraint: Member must not be null",
    );
  }
  const days = wanted.RecoveryPeriodInDays ?? MAX_RECOVERY_DAYS;
  if (typeof days !== "number" || !(days >= 1 && days <= MAX_RECOVERY_DAYS)) {
    throw validationError("RecoveryPeriodInDays must be between 1 and 35");
  }
  return { enabled: wanted.PointInTimeRecoveryEnabled, days };
};

/** UpdateContinuousBackups: the setting is kept and shown. */
export const UPDATE_CONTINUOUS_BACKUPS = dynamoDbOperation({
  name: "UpdateContinuousBackups",
  check: (raw) => {
    const own = ["PointInTimeRecoverySpecification"];
    const data = checkRequest("UpdateContinuousBackups", raw, check, own);
    parseSpecification(raw);
    return data;
  },
  run: ({ store, raw, data, nowMs }) => {
    const table = findBackedUp(store, data.TableName);
    const { enabled, days } = parseSpecification(raw);
    const { pointInTimeRecovery: before, ...others } = table.settings;
    const settings: TableSettings = enabled
      ? {
          ...others,
          pointInTimeRecovery: {
            recoveryPeriodInDays: days,
            sinceEpochSeconds: before?.sinceEpochSeconds ?? nowMs / 1000,
          },
        }
      : others;
    store.transaction(() => store.changeTable({ ...table, settings }));
    return describeBackups(settings, nowMs);
  },
});
