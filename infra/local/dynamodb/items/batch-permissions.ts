// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
import { isObject } from "#local/wire/json.ts";
import type { Json } from "../store/check-request.ts";
import type { AttributeMap } from "../store/dynalite-types.ts";
import { hashKeyOf, leadingKeys, type Permissions, tableArn } from "../store/permissions.ts";

/** What a batch needs, for each table of it. */
export const batchPermissions =
  (operation: "BatchGetItem" | "BatchWriteItem"): Permissions =>
  (data, context) =>
    Object.entries(data.RequestItems ?? {}).map(([name, requests]) => ({
      action: `dynamodb:${operation}`,
      resource: tableArn(context, name),
      context: leadingKeys(batchKeys(requests), hashKeyOf(context.store, name)),
    }));

const batchKeys = (requests: unknown): readonly AttributeMap[] => {
  if (isObject(requests)) return (requests.Keys ?? []) as readonly AttributeMap[];
  return (requests as readonly Json[]).flatMap(({ PutRequest, DeleteRequest }) => [
    ...(isObject(PutRequest) ? [PutRequest.Item as AttributeMap] : []),
    ...(isObject(DeleteRequest) ? [DeleteRequest.Key as AttributeMap] : []),
  ]);
};
