// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
import check from "dynalite/validations/listTables.js";
import { checkRequest } from "../store/check-request.ts";
import { dynamoDbOperation } from "../store/operation.ts";

const DEFAULT_PAGE = 100;

/** ListTables, by name, in pages. */
export const LIST_TABLES = dynamoDbOperation({
  name: "ListTables",
  check: (raw) => checkRequest("ListTables", raw, check),
  permissions: () => [{ action: "dynamodb:ListTables", resource: "*" }],
  run: ({ store, data }) => {
    const after = data.ExclusiveStartTableName ?? "";
    const names = store
      .tables()
      .map(({ description }) => description.TableName)
      .filter((name) => name > after)
      .sort((a, b) => (a < b ? -1 : 1));
    const page = names.slice(0, data.Limit ?? DEFAULT_PAGE);
    const last = page.at(-1);
    return page.length === names.length || last === undefined
      ? { TableNames: page }
      : { TableNames: page, LastEvaluatedTableName: last };
  },
});
