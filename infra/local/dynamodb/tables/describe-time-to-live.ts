// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
import check from "dynalite/validations/describeTable.js";
import { checkRequest } from "../store/check-request.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import { findTable } from "./find-table.ts";

/** DescribeTimeToLive. */
export const DESCRIBE_TIME_TO_LIVE = dynamoDbOperation({
  name: "DescribeTimeToLive",
  check: (raw) => checkRequest("DescribeTimeToLive", raw, check),
  run: ({ store, data }) => {
    const attribute = findTable(store, data.TableName).settings.timeToLiveAttribute;
    return {
      TimeToLiveDescription:
        attribute === undefined
          ? { TimeToLiveStatus: "DISABLED" }
          : { TimeToLiveStatus: "ENABLED", AttributeName: attribute },
    };
  },
});
