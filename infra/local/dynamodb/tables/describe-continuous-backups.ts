// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
import check from "dynalite/validations/describeTable.js";
import { checkRequest } from "../store/check-request.ts";
import type { Operation } from "../store/operation.ts";
import { describeBackups, findBackedUp } from "./continuous-backups.ts";

/** DescribeContinuousBackups. */
export const DESCRIBE_CONTINUOUS_BACKUPS: Operation = {
  check: (raw) => checkRequest("DescribeContinuousBackups", raw, check),
  run: ({ store, data, nowMs }) =>
    describeBackups(findBackedUp(store, data.TableName).settings, nowMs),
};
