// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
import check from "dynalite/validations/describeTable.js";
import { checkRequest } from "../store/check-request.ts";
import { dynamoDbOperation } from "../store/operation.ts";
import { findTable } from "./find-table.ts";

/** DescribeTable. AWS counts items every six hours; here the count is true. */
export const DESCRIBE_TABLE = dynamoDbOperation({
  name: "DescribeTable",
  check: (raw) => checkRequest("DescribeTable", raw, check),
  run: ({ store, data }) => {
    const table = findTable(store, data.TableName);
    const { count, bytes } = store.itemCount(table);
    return { Table: { ...table.description, ItemCount: count, TableSizeBytes: bytes } };
  },
});
