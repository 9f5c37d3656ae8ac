// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
import { randomUUID } from "node:crypto";
import { AwsError } from "#local/wire/aws-service.ts";
import type { Json } from "../store/check-request.ts";
import type { DynaliteTable, KeySchema, SecondaryIndex } from "../store/dynalite-types.ts";
import { type CheckedRequest, dynamoDbOperation } from "../store/operation.ts";
import { tableArn } from "../store/permissions.ts";
import {
  billing,
  checkTableDefinition,
  describeIndex,
  shownSettings,
  throughput,
} from "./table-definition.ts";
import { parseTags } from "./table-tags.ts";

const run = ({ store, raw, data, region, accountId, nowMs }: CheckedRequest): Json => {
  const { TableName } = data;
  if (store.table(TableName) !== undefined) {
    throw new AwsError("ResourceInUseException", `Table already exists: ${TableName}`);
  }
  const arn = tableArn({ region, accountId }, TableName);
  const locals = data.LocalSecondaryIndexes as readonly SecondaryIndex[] | undefined;
  const globals = data.GlobalSecondaryIndexes as readonly SecondaryIndex[] | undefined;
  const description: DynaliteTable = {
    TableName,
    TableArn: arn,
    TableId: randomUUID(),
    TableStatus: "ACTIVE",
    CreationDateTime: nowMs / 1000,
    KeySchema: data.KeySchema as KeySchema,
    AttributeDefinitions: data.AttributeDefinitions as DynaliteTable["AttributeDefinitions"],
    ProvisionedThroughput: throughput(data.ProvisionedThroughput),
    ...billing(data.BillingMode, nowMs),
    ...(locals === undefined
      ? {}
      : { LocalSecondaryIndexes: locals.map((index) => describeIndex(arn, index, "local")) }),
    ...(globals === undefined
      ? {}
      : { GlobalSecondaryIndexes: globals.map((index) => describeIndex(arn, index, "global")) }),
    ...shownSettings(raw),
    DeletionProtectionEnabled: raw.DeletionProtectionEnabled === true,
    ItemCount: 0,
    TableSizeBytes: 0,
  };
  store.transaction(() => store.addTable(description, { tags: parseTags(raw.Tags) }));
  return { TableDescription: description };
};

/** CreateTable: the table is ACTIVE in the answer. */
export const CREATE_TABLE = dynamoDbOperation({
  name: "CreateTable",
  check: checkTableDefinition,
  run,
});
