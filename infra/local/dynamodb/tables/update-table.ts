// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
import describeTableCheck from "dynalite/validations/describeTable.js";
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import { checkRequest, type Json } from "../store/check-request.ts";
import type { AttributeMap, DynaliteTable, SecondaryIndex } from "../store/dynalite-types.ts";
import { validationError } from "../store/dynamo-error.ts";
import { indexKey } from "../store/index-rows.ts";
import { type CheckedRequest, dynamoDbOperation } from "../store/operation.ts";
import type { Store, Table } from "../store/store.ts";
import { findTable } from "./find-table.ts";
import {
  billing,
  checkTableDefinition,
  describeIndex,
  refuseStream,
  shownSettings,
  throughput,
} from "./table-definition.ts";
import { checkThroughput, checkThroughputChange } from "./table-throughput.ts";

const MEMBERS = [
  "AttributeDefinitions",
  "BillingMode",
  "DeletionProtectionEnabled",
  "GlobalSecondaryIndexUpdates",
  "OnDemandThroughput",
  "ProvisionedThroughput",
  "SSESpecification",
  "StreamSpecification",
  "TableClass",
  "WarmThroughput",
];

interface IndexUpdate {
  readonly Create?: SecondaryIndex;
  readonly Update?: { readonly IndexName: string; readonly ProvisionedThroughput?: Json };
  readonly Delete?: { readonly IndexName: string };
}

const parseIndexUpdates = (updates: unknown): readonly IndexUpdate[] => {
  if (updates === undefined || updates === null) return [];
  const list: readonly unknown[] = Array.isArray(updates) ? updates : [];
  const kinds = ["Create", "Update", "Delete"];
  if (
    list.length === 0 ||
    !list.every((u) => isObject(u) && kinds.some((kind) => isObject(u[kind])))
  ) {
    throw validationError(
      "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null",
    );
  }
  if (list.filter((u) => isObject(u) && !isObject(u.Update)).length > 1) {
    throw new AwsError(
      "LimitExceededException",
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    );
  }
  return list as readonly IndexUpdate[];
};

const run = ({ store, raw, data, nowMs }: CheckedRequest): Json => {
  const table = findTable(store, data.TableName);
  refuseStream("UpdateTable", raw);
  const updates = parseIndexUpdates(raw.GlobalSecondaryIndexUpdates);
  const before = table.description;
  checkThroughputChange(raw, before, before.ProvisionedThroughput, raw.ProvisionedThroughput);
  for (const { Update } of updates) {
    const index = before.GlobalSecondaryIndexes?.find((one) => one.IndexName === Update?.IndexName);
    if (index === undefined) continue;
    const requested = Update?.ProvisionedThroughput;
    checkThroughputChange(raw, before, index.ProvisionedThroughput, requested);
  }
  const created = updates.flatMap(({ Create }) => (Create === undefined ? [] : [Create]));
  const deleted = updates.flatMap(({ Delete }) => (Delete === undefined ? [] : [Delete.IndexName]));

  const kept = (before.GlobalSecondaryIndexes ?? []).filter((i) => !deleted.includes(i.IndexName));
  for (const name of deleted) {
    if (!before.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === name)) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Requested resource not found: Index: ${name} not found`,
      );
    }
  }
  for (const { IndexName } of created) {
    if (kept.some((index) => index.IndexName === IndexName)) {
      throw validationError(
        `One or more parameter values were invalid: Duplicate index name: ${IndexName}`,
      );
    }
  }
  const changed = kept.map((index) => {
    const units = updates.find(({ Update }) => Update?.IndexName === index.IndexName)?.Update;
    return units?.ProvisionedThroughput === undefined
      ? index
      : { ...index, ProvisionedThroughput: throughput(units.ProvisionedThroughput) };
  });
  const indexes = [
    ...changed,
    ...created.map((index) => describeIndex(before.TableArn, index, "global")),
  ];
  const { GlobalSecondaryIndexes: _old, ...rest } = before;
  const after: DynaliteTable = {
    ...rest,
    ...(raw.BillingMode === undefined ? {} : billing(raw.BillingMode, nowMs)),
    ...(raw.ProvisionedThroughput === undefined
      ? {}
      : { ProvisionedThroughput: throughput(raw.ProvisionedThroughput) }),
    ...shownSettings(raw),
    ...(typeof raw.DeletionProtectionEnabled === "boolean"
      ? { DeletionProtectionEnabled: raw.DeletionProtectionEnabled }
      : {}),
    AttributeDefinitions: mergeDefinitions(before, raw.AttributeDefinitions, indexes),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
  if (created.length > 0) checkKeysAndIndexes(after);

  store.transaction(() => {
    for (const name of deleted) store.removeIndex(table, name);
    const next = { ...table, description: after };
    store.changeTable(next);
    for (const index of created) fillIndex(store, next, index);
  });
  return { TableDescription: after };
};

const mergeDefinitions = (
  table: DynaliteTable,
  more: unknown,
  indexes: readonly SecondaryIndex[],
): DynaliteTable["AttributeDefinitions"] => {
  const added = (Array.isArray(more) ? more : []) as DynaliteTable["AttributeDefinitions"];
  const all = new Map(
    [...table.AttributeDefinitions, ...added].map((d) => [d.AttributeName, d] as const),
  );
  const schemas = [table, ...(table.LocalSecondaryIndexes ?? []), ...indexes];
  const used = new Set(
    schemas.flatMap(({ KeySchema }) => KeySchema?.map((key) => key.AttributeName) ?? []),
  );
  return [...all.values()].filter(({ AttributeName }) => used.has(AttributeName));
};

// What CreateTable would say to the table as it is about to be.
const checkKeysAndIndexes = (table: DynaliteTable): void => {
  const definition = (index: SecondaryIndex): Json => ({
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: index.Projection,
  });
  checkTableDefinition({
    TableName: table.TableName,
    KeySchema: table.KeySchema,
    AttributeDefinitions: table.AttributeDefinitions,
    BillingMode: "PAY_PER_REQUEST",
    GlobalSecondaryIndexes: table.GlobalSecondaryIndexes?.map(definition),
    ...(table.LocalSecondaryIndexes === undefined
      ? {}
      : { LocalSecondaryIndexes: table.LocalSecondaryIndexes.map(definition) }),
  });
};

const fillIndex = (store: Store, table: Table, index: SecondaryIndex): void => {
  for (const { id, key, json } of store.allItems(table)) {
    // An item whose attribute has another type stays out of the index, as in AWS.
    const item = JSON.parse(json) as AttributeMap;
    const rowKey = indexKey(item, table.description, index.KeySchema, key);
    if (rowKey !== undefined) store.addIndexRow(table, index.IndexName, rowKey, id);
  }
};

/** UpdateTable: billing, deletion protection, class, and one global index created or deleted, all at once. */
export const UPDATE_TABLE = dynamoDbOperation({
  name: "UpdateTable",
  check: (raw) => {
    const data = checkRequest("UpdateTable", raw, describeTableCheck, MEMBERS);
    if (!MEMBERS.some((member) => raw[member] !== undefined && raw[member] !== null)) {
      throw validationError(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
      );
    }
    checkThroughput(raw.ProvisionedThroughput, "provisionedThroughput");
    parseIndexUpdates(raw.GlobalSecondaryIndexUpdates).forEach(({ Update }, i) => {
      const at = `globalSecondaryIndexUpdates.${i + 1}.member.update.provisionedThroughput`;
      checkThroughput(Update?.ProvisionedThroughput, at);
    });
    if (raw.BillingMode === "PROVISIONED" && !isObject(raw.ProvisionedThroughput)) {
      throw validationError(
        "One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
      );
    }
    if (isObject(raw.SSESpecification) && raw.SSESpecification.Enabled === false) {
      throw notEmulated("DynamoDB", "UpdateTable that disables SSESpecification");
    }
    return data;
  },
  run,
});
