// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
import { AwsError } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import type { Json } from "../store/check-request.ts";
import type { AttributeMap, DynaliteRequest } from "../store/dynalite-types.ts";
import { tableNotFound, validationError } from "../store/dynamo-error.ts";
import { itemBytes } from "../store/item-size.ts";
import type { Store } from "../store/store.ts";
import { checkWrite, type ItemAction } from "./item-action.ts";

/** One part of a transaction, checked. */
export interface TransactPart {
  readonly kind: string;
  readonly raw: Json;
  readonly data: DynaliteRequest;
}

const MAX_ITEMS = 100;
// The parts have no legacy parameters, and nothing to return.
const NO_MEMBERS = ["Expected", "AttributeUpdates", "AttributesToGet", "ReturnValues"];
const REQUIRED: Readonly<Record<string, string>> = {
  Update: "UpdateExpression",
  ConditionCheck: "ConditionExpression",
};

/**
 * Checks the parts of a transaction one by one; `kinds` says what each may be.
 * @throws AwsError `ValidationException`
 */
export const checkParts = (
  raw: Json,
  kinds: Readonly<Record<string, ItemAction>>,
): readonly TransactPart[] => {
  const items: readonly unknown[] = Array.isArray(raw.TransactItems) ? raw.TransactItems : [];
  if (items.length === 0 || items.length > MAX_ITEMS) {
    throw validationError(
      `1 validation error detected: Value '${items.length === 0 ? "[]" : "[...]"}' at 'transactItems' failed to satisfy constraint: Member must have length ${
        items.length === 0 ? "greater than or equal to 1" : `less than or equal to ${MAX_ITEMS}`
      }`,
    );
  }
  return items.map((item, i) => {
    const [entry, ...more] = isObject(item)
      ? Object.entries(item).filter(([, v]) => v !== null)
      : [];
    const [kind = "", part] = entry ?? [];
    const action = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (!isObject(part) || action === undefined || more.length > 0) {
      throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    const unknown = NO_MEMBERS.find((member) => part[member] !== undefined);
    if (unknown !== undefined) throw validationError(`${kind} has no member ${unknown}`);
    const required = REQUIRED[kind];
    if (required !== undefined && typeof part[required] !== "string") {
      const at = `transactItems.${i + 1}.member.${lowerFirst(kind)}.${lowerFirst(required)}`;
      throw validationError(
        `1 validation error detected: Value null at '${at}' failed to satisfy constraint: Member must not be null`,
      );
    }
    return { kind, raw: part, data: checkWrite(part, action) };
  });
};

const lowerFirst = (name: string): string => `${name[0]?.toLowerCase() ?? ""}${name.slice(1)}`;

/** A transaction as a request, in the one shape that permissions and operations read. */
export const transactRequest = (raw: Json, parts: readonly TransactPart[]): DynaliteRequest => ({
  ...raw,
  TableName: "",
  Key: {},
  Item: {},
  TransactItems: parts,
});

/** The parts of a request that `transactRequest` made. */
export const partsOf = (data: DynaliteRequest): readonly TransactPart[] =>
  data.TransactItems as readonly TransactPart[];

/** @throws AwsError `ValidationException` for a member that the operation does not have. */
export const checkMembers = (operation: string, raw: Json, own: readonly string[]): void => {
  const known = ["TransactItems", "ReturnConsumedCapacity", ...own];
  const unknown = Object.keys(raw).find((member) => !known.includes(member));
  if (unknown !== undefined) throw validationError(`${operation} has no member ${unknown}`);
};

/** @throws AwsError for a table that is not there, and for an item that two parts are about. */
export const refuseSameItemTwice = (store: Store, parts: readonly TransactPart[]): void => {
  const seen = new Set<string>();
  for (const { data } of parts) {
    const table = store.table(data.TableName)?.description;
    if (table === undefined) throw tableNotFound();
    const key = data.Key ?? data.Item;
    const values = table.KeySchema.map(({ AttributeName }) => key[AttributeName]);
    // A key of the wrong form is the reason of its own part.
    if (values.includes(undefined)) continue;
    const id = `${data.TableName}/${JSON.stringify(values)}`;
    if (seen.has(id)) {
      throw validationError("Transaction request cannot include multiple operations on one item");
    }
    seen.add(id);
  }
};

/**
 * Refuses the whole request for an empty key; a key of another type is the reason of its own part instead.
 * https://github.com/paritysuite/dynamodb-conformance/blob/main/tests/tier3/error-messages/transactWriteItems.test.ts
 * @throws AwsError `ValidationException`
 */
export const refuseEmptyKeys = (store: Store, parts: readonly TransactPart[]): void => {
  for (const { data } of parts) {
    const key = data.Key ?? data.Item;
    for (const { AttributeName } of store.table(data.TableName)?.description.KeySchema ?? []) {
      const { S, B } = key[AttributeName] ?? {};
      if (S !== "" && B !== "") continue;
      throw validationError(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${S === "" ? "string" : "binary"} value. Key: ${AttributeName}`,
      );
    }
  }
};

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: AttributeMap;
}

const reasonOf = (error: unknown): CancellationReason => {
  if (!(error instanceof AwsError)) throw error;
  switch (error.code) {
    case "ConditionalCheckFailedException": {
      const { Item } = error.fields;
      return {
        Code: "ConditionalCheckFailed",
        Message: error.message,
        ...(isObject(Item) ? { Item: Item as AttributeMap } : {}),
      };
    }
    case "ValidationException":
      return { Code: "ValidationError", Message: error.message };
    default:
      throw error;
  }
};

/**
 * Runs every part and collects each one's reason, as AWS does.
 * @throws AwsError `TransactionCanceledException` as soon as one part has a reason; the store's transaction undoes the others.
 */
export const runParts = <T>(
  parts: readonly TransactPart[],
  run: (part: TransactPart) => T,
): readonly T[] => {
  const results: T[] = [];
  const reasons = parts.map((part): CancellationReason => {
    try {
      results.push(run(part));
      return { Code: "None" };
    } catch (error) {
      return reasonOf(error);
    }
  });
  if (reasons.some(({ Code }) => Code !== "None")) {
    throw new AwsError(
      "TransactionCanceledException",
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
      { fields: { CancellationReasons: reasons } },
    );
  }
  return results;
};

/** The units of a transaction, where the request asks: twice those of the same operations without one. */
export const consumedCapacity = (
  raw: Json,
  used: readonly { readonly table: string; readonly bytes: number }[],
  bytesPerUnit: number,
): Json => {
  if (raw.ReturnConsumedCapacity !== "TOTAL" && raw.ReturnConsumedCapacity !== "INDEXES") return {};
  const tables = new Map<string, number>();
  for (const { table, bytes } of used) {
    const units = 2 * Math.max(1, Math.ceil(bytes / bytesPerUnit));
    tables.set(table, (tables.get(table) ?? 0) + units);
  }
  return {
    ConsumedCapacity: [...tables].map(([TableName, CapacityUnits]) => ({
      TableName,
      CapacityUnits,
    })),
  };
};

/** The bytes of what a part names: its item, or its key. */
export const partBytes = ({ data }: TransactPart): number => itemBytes(data.Item ?? data.Key);
