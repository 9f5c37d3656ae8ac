import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import type { JsonOperation, JsonText } from "#local/wire/json-service.ts";
import type { Json } from "./check-request.ts";
import type { DynaliteRequest } from "./dynalite-types.ts";
import { type PermissionContext, type Permissions, tablePermissions } from "./permissions.ts";
import type { Store } from "./store.ts";
import { withoutTableArns } from "./table-arn.ts";

/** What every operation works on. */
export interface DynamoDbParts extends PermissionContext {
  /** False from the moment that the store is being closed. */
  isOpen(): boolean;
}

/** What an operation carries out. */
export interface CheckedRequest extends PermissionContext {
  /** The request as it came, TableName no longer an ARN. */
  readonly raw: Json;
  /** The request as it came. */
  readonly input: Json;
  readonly data: DynaliteRequest;
  readonly nowMs: number;
}

/** An operation of DynamoDB. */
export type DynamoDbOperation = JsonOperation<DynamoDbParts>;

/** An operation that is first checked, then permitted, then run. */
export const dynamoDbOperation = (operation: {
  readonly name: string;
  /** @throws AwsError for a request that is not one. */
  check(raw: Json): DynaliteRequest;
  /** Absent: the permission on the table that the request names. */
  readonly permissions?: Permissions;
  /** Synchronous: nothing comes between its reads and its writes. */
  run(request: CheckedRequest): Json | JsonText;
}): DynamoDbOperation => ({
  name: operation.name,
  understand: (input, parts) => {
    const raw = withoutTableArns(input, parts);
    const data = operation.check(raw);
    return {
      permissions:
        operation.permissions?.(data, parts) ?? tablePermissions(operation.name, data, parts),
      carryOut: async () => {
        if (!parts.isOpen()) throw closed();
        const { store, region, accountId } = parts;
        refuseCollectionMetrics(store, operation.name, raw, data);
        const request = { store, region, accountId, raw, input, data, nowMs: Date.now() };
        try {
          return operation.run(request);
        } catch (error) {
          throw store.told(error);
        } finally {
          // Acknowledged means committed, and so does what was read, or refused because of what was read.
          await store.settled();
        }
      },
    };
  },
});

// Only a table with a local index has item collections, so that for others the answer is as asked: none.
const refuseCollectionMetrics = (
  store: Store,
  operation: string,
  raw: Json,
  data: DynaliteRequest,
): void => {
  if (raw.ReturnItemCollectionMetrics !== "SIZE") return;
  const tables = [
    data.TableName,
    ...Object.keys(data.RequestItems ?? {}),
    ...partsOfTransaction(raw).map(({ TableName }) => String(TableName)),
  ];
  for (const name of tables) {
    if (store.table(name)?.description.LocalSecondaryIndexes === undefined) continue;
    throw notEmulated("DynamoDB", `${operation} with ReturnItemCollectionMetrics on ${name}`);
  }
};

const partsOfTransaction = ({ TransactItems }: Json): readonly Json[] =>
  (Array.isArray(TransactItems) ? TransactItems : [])
    .filter(isObject)
    .flatMap((item) => Object.values(item).filter(isObject));

const closed = (): AwsError =>
  new AwsError("ServiceUnavailable", "DynamoDB is being stopped.", { status: 503 });
