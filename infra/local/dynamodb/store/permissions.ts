// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
import type { RequiredPermission } from "#local/wire/aws-service.ts";
import type { AttributeMap, AttributeValue, DynaliteRequest } from "./dynalite-types.ts";
import { indexesOf } from "./index-rows.ts";
import type { Store } from "./store.ts";

/** Where the permissions of a request are looked up. */
export interface PermissionContext {
  readonly store: Store;
  readonly region: string;
  readonly accountId: string;
}

/** The permissions that a checked request needs. */
export type Permissions = (
  data: DynaliteRequest,
  context: PermissionContext,
) => readonly RequiredPermission[];

/** A table as permissions name it. */
export const tableArn = (
  { region, accountId }: Pick<PermissionContext, "region" | "accountId">,
  name: string,
): string => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;

/** What an operation on one table, or one of its indexes, needs. */
export const tablePermissions = (
  operation: string,
  data: DynaliteRequest,
  context: PermissionContext,
): readonly RequiredPermission[] => {
  const { TableName, IndexName } = data;
  const table = tableArn(context, TableName);
  return [
    {
      action: `dynamodb:${operation}`,
      resource: IndexName === undefined ? table : `${table}/index/${IndexName}`,
      context: {
        ...leadingKeys(requestKeys(data), hashKeyOf(context.store, TableName, IndexName)),
        ...(data.Select === undefined ? {} : { "dynamodb:Select": data.Select }),
        ...(data.ReturnValues === undefined ? {} : { "dynamodb:ReturnValues": data.ReturnValues }),
        ...(data.ReturnConsumedCapacity === undefined
          ? {}
          : { "dynamodb:ReturnConsumedCapacity": data.ReturnConsumedCapacity }),
      },
    },
  ];
};

/** The attribute that an item is found by; absent where there is no such table or index. */
export const hashKeyOf = (
  store: Store,
  tableName: string,
  indexName?: string,
): string | undefined => {
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

const keyText = (value: AttributeValue | undefined): string | undefined => {
  const content = value?.S ?? value?.N ?? value?.B;
  return typeof content === "string" ? content : undefined;
};

/** The condition key that says which items a request is about. */
export const leadingKeys = (
  keys: readonly (AttributeMap | undefined)[],
  hashKey: string | undefined,
): Readonly<Record<string, readonly string[]>> => {
  if (hashKey === undefined) return {};
  const values = keys.map((key) => keyText(key?.[hashKey])).filter((value) => value !== undefined);
  return values.length === 0 ? {} : { "dynamodb:LeadingKeys": [...new Set(values)] };
};
