// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
import check from "dynalite/validations/describeTable.js";
import { checkRequest } from "../store/check-request.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import { describeBackups, findBackedUp } from "./continuous-backups.ts";

/** DescribeContinuousBackups. */
export const DESCRIBE_CONTINUOUS_BACKUPS = dynamoDbOperation({
  name: "DescribeContinuousBackups",
  check: (raw) => checkRequest("DescribeContinuousBackups", raw, check),
  run: ({ store, data, nowMs }) =>
    describeBackups(findBackedUp(store, data.TableName).settings, nowMs),
});
