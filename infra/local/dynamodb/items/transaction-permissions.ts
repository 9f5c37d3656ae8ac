// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
import { hashKeyOf, leadingKeys, type Permissions, tableArn } from "../store/permissions.ts";
import { partsOf } from "./transaction.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

/** What a transaction needs: for each part what the part alone would need, and the transaction as a condition key. */
export const transactionPermissions =
  (operation: "TransactGetItems" | "TransactWriteItems"): Permissions =>
  (data, context) =>
    partsOf(data).map(({ kind, data: { TableName, Key, Item } }) => ({
      action: `dynamodb:${ACTIONS[kind]}`,
      resource: tableArn(context, TableName),
      context: {
        ...leadingKeys([Key ?? Item], hashKeyOf(context.store, TableName)),
        "dynamodb:EnclosingOperation": operation,
      },
    }));
