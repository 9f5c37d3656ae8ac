// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
import type { RequiredPermission } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import { partsOf } from "./items/transaction.ts";
import type { Json } from "./store/check-request.ts";
import type { AttributeMap, AttributeValue, DynaliteRequest } from "./store/dynalite-types.ts";
import { indexesOf } from "./store/index-rows.ts";
import type { Store } from "./store/store.ts";

/** Where the permissions of a request are looked up. */
export interface PermissionContext {
  readonly store: Store;
  readonly region: string;
  readonly accountId: string;
}

const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

/** What the caller must be allowed to do, for each table of the request. */
export const permissionsFor = (
  operation: string,
  data: DynaliteRequest,
  context: PermissionContext,
): readonly RequiredPermission[] => {
  const tableArn = (name: string): string =>
    `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${name}`;
  switch (operation) {
    case "ListTables":
      return [{ action: "dynamodb:ListTables", resource: "*" }];
    case "TagResource":
    case "UntagResource":
    case "ListTagsOfResource":
      return [{ action: `dynamodb:${operation}`, resource: String(data.ResourceArn) }];
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.entries(data.RequestItems ?? {}).map(([name, requests]) => ({
        action: `dynamodb:${operation}`,
        resource: tableArn(name),
        context: leadingKeys(batchKeys(requests), hashKeyOf(context.store, name)),
      }));
    case "TransactWriteItems":
    case "TransactGetItems":
      return partsOf(data).map(({ kind, data: { TableName, Key, Item } }) => ({
        action: `dynamodb:${TRANSACTION_ACTIONS[kind]}`,
        resource: tableArn(TableName),
        context: {
          ...leadingKeys([Key ?? Item], hashKeyOf(context.store, TableName)),
          "dynamodb:EnclosingOperation": operation,
        },
      }));
    default: {
      const { TableName, IndexName } = data;
      const table = tableArn(TableName);
      return [
        {
          action: `dynamodb:${operation}`,
          resource: IndexName === undefined ? table : `${table}/index/${IndexName}`,
          context: {
            ...leadingKeys(requestKeys(data), hashKeyOf(context.store, TableName, IndexName)),
            ...(data.Select === undefined ? {} : { "dynamodb:Select": data.Select }),
            ...(data.ReturnValues === undefined
              ? {}
              : { "dynamodb:ReturnValues": data.ReturnValues }),
            ...(data.ReturnConsumedCapacity === undefined
              ? {}
              : { "dynamodb:ReturnConsumedCapacity": data.ReturnConsumedCapacity }),
          },
        },
      ];
    }
  }
};

const hashKeyOf = (store: Store, tableName: string, indexName?: string): string | undefined => {
  const description = store.table(tableName)?.description;
  if (description === undefined) return undefined;
  const schema =
    indexName === undefined
      ? description.KeySchema
      : indexesOf(description).find(({ IndexName }) => IndexName === indexName)?.KeySchema;
  return schema?.[0]?.AttributeName;
};

const requestKeys = (data: DynaliteRequest): readonly AttributeMap[] => {
  if (data.KeyConditions !== undefined) {
    const firstValues = Object.entries(data.KeyConditions).map(
      ([name, { AttributeValueList }]) => [name, AttributeValueList?.[0] ?? {}] as const,
    );
    return [Object.fromEntries(firstValues)];
  }
  return [data.Key ?? data.Item ?? {}];
};

const batchKeys = (requests: unknown): readonly AttributeMap[] => {
  if (isObject(requests)) return (requests.Keys ?? []) as readonly AttributeMap[];
  return (requests as readonly Json[]).flatMap(({ PutRequest, DeleteRequest }) => [
    ...(isObject(PutRequest) ? [PutRequest.Item as AttributeMap] : []),
    ...(isObject(DeleteRequest) ? [DeleteRequest.Key as AttributeMap] : []),
  ]);
};

const keyText = (value: AttributeValue | undefined): string | undefined => {
  const content = value?.S ?? value?.N ?? value?.B;
  return typeof content === "string" ? content : undefined;
};

const leadingKeys = (
  keys: readonly (AttributeMap | undefined)[],
  hashKey: string | undefined,
): Readonly<Record<string, readonly string[]>> => {
  if (hashKey === undefined) return {};
  const values = keys.map((key) => keyText(key?.[hashKey])).filter((value) => value !== undefined);
  return values.length === 0 ? {} : { "dynamodb:LeadingKeys": [...new Set(values)] };
};
