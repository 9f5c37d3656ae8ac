import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { type DynamoDb, type DynamoDbOptions, openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import {
  ACCOUNT,
  REGION,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

/** DynamoDB behind an endpoint, and a client that may do everything. */
export interface TestDynamoDb {
  readonly endpoint: TestEndpoint;
  readonly dynamoDb: DynamoDb;
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

export const startTestDynamoDb = async (
  options: Partial<DynamoDbOptions> = {},
): Promise<TestDynamoDb> => {
  const endpoint = await startTestEndpoint();
  const dynamoDb = await openDynamoDb({
    file: ":memory:",
    region: REGION,
    accountId: ACCOUNT,
    ...options,
  });
  endpoint.register(dynamoDb.service);
  const client = new DynamoDBClient(endpoint.client);
  return {
    endpoint,
    dynamoDb,
    client,
    close: async () => {
      client.destroy();
      await endpoint.close();
      await dynamoDb.close();
    },
  };
};

/** A table like our audit table: partition and sort key, an index by day, and one that holds keys only. */
export const AUDIT_TABLE: CreateTableCommandInput = {
  TableName: "Audit",
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
    { AttributeName: "day", AttributeType: "S" },
    { AttributeName: "at", AttributeType: "N" },
    { AttributeName: "device", AttributeType: "S" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "byDay",
      KeySchema: [
        { AttributeName: "day", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
    {
      IndexName: "byDevice",
      KeySchema: [{ AttributeName: "device", KeyType: "HASH" }],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["outcome"] },
    },
  ],
};

export const createAuditTable = (client: DynamoDBClient): Promise<unknown> =>
  client.send(new CreateTableCommand(AUDIT_TABLE));
