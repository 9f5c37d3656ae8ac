import { answerError } from "#local/wire/answer-error.ts";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { callJson } from "#local/wire/call-json.ts";
import { isObject } from "#local/wire/json.ts";
import { DYNAMODB } from "#local/wire/json-api.ts";
import { notUnderstood } from "../cloudformation/read-template.ts";
import type { ResolvedResource } from "../cloudformation/resolve-template.ts";

/**
 * Creates the template's tables that are not there yet, and gives all of them the template's settings, as
 * CloudFormation would: through the DynamoDB API.
 * @throws LocalError `TemplateNotUnderstood` when DynamoDB refuses a table, or a table has several replicas
 */
export const createTables = async (
  access: AwsAccess,
  tables: readonly ResolvedResource[],
): Promise<void> => {
  for (const table of tables) await createTable(access, table);
};

const createTable = async (access: AwsAccess, table: ResolvedResource): Promise<void> => {
  const { properties } = table;
  const TableName = table.physical.ref;
  const replica = theReplica(table);
  const call = (operation: string, input: object, accepted?: string) =>
    dynamoDb(access, table, operation, { TableName, ...input }, accepted);
  await call(
    "CreateTable",
    {
      ...pick(properties, [
        "AttributeDefinitions",
        "KeySchema",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
        "StreamSpecification",
      ]),
      ...pick(replica, ["DeletionProtectionEnabled", "Tags"]),
      BillingMode: "PAY_PER_REQUEST",
    },
    "ResourceInUseException",
  );
  await addIndexes(call, properties);
  if (isObject(replica.PointInTimeRecoverySpecification)) {
    await call("UpdateContinuousBackups", pick(replica, ["PointInTimeRecoverySpecification"]));
  }
  if (isObject(properties.TimeToLiveSpecification)) {
    const { TimeToLiveDescription: set } = await call("DescribeTimeToLive", {});
    const { AttributeName } = properties.TimeToLiveSpecification;
    // Setting what is set already is refused; a restart would.
    if (!isObject(set) || set.AttributeName !== AttributeName) {
      await call("UpdateTimeToLive", pick(properties, ["TimeToLiveSpecification"]));
    }
  }
};

type Call = (
  operation: string,
  input: object,
  accepted?: string,
) => Promise<Readonly<Record<string, unknown>>>;

/** A table of an older template gets the indexes that it has not yet, one at a time, as a stack's update does. */
const addIndexes = async (
  call: Call,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const { Table } = await call("DescribeTable", {});
  const there = new Set(indexesOf(isObject(Table) ? Table : {}).map(({ IndexName }) => IndexName));
  for (const Create of indexesOf(properties)) {
    if (there.has(Create.IndexName)) continue;
    await call("UpdateTable", {
      ...pick(properties, ["AttributeDefinitions"]),
      GlobalSecondaryIndexUpdates: [{ Create }],
    });
  }
};

const indexesOf = ({
  GlobalSecondaryIndexes: indexes,
}: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(indexes) ? indexes.filter(isObject) : [];

const theReplica = (table: ResolvedResource): Readonly<Record<string, unknown>> => {
  const { Replicas: replicas } = table.properties;
  const all: readonly unknown[] = Array.isArray(replicas) ? replicas : [];
  const [only, ...more] = all;
  if (!isObject(only) || more.length > 0) {
    throw notUnderstood(`${table.logicalId} does not have exactly one replica.`);
  }
  return only;
};

const pick = (
  from: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  );

const dynamoDb = async (
  access: AwsAccess,
  table: ResolvedResource,
  operation: string,
  input: unknown,
  accepted?: string,
): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await callJson(access, DYNAMODB, operation, input);
  const text = answer.body.toString("utf8");
  if (answer.status === 200 || (accepted !== undefined && answerError(answer).code === accepted)) {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }
  throw notUnderstood(`${table.logicalId}: DynamoDB ${operation} answered ${text}.`);
};
