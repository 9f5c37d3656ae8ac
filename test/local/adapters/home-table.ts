import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { vi } from "vitest";
import { startTestDynamoDb, type TestDynamoDb } from "../dynamodb/test-table.ts";
import { OPERATOR, REGION } from "../endpoint/test-endpoint.ts";

/** A home table in DynamoDB, and the variables by which adapters that are loaded from now on find it; whoever asks puts them back. */
export const startHomeTable = async (table: string): Promise<TestDynamoDb> => {
  const db = await startTestDynamoDb();
  await db.client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "PK", KeyType: "HASH" },
        { AttributeName: "SK", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "PK", AttributeType: "S" },
        { AttributeName: "SK", AttributeType: "S" },
      ],
    }),
  );
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: db.endpoint.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: OPERATOR.accessKeyId,
    AWS_SECRET_ACCESS_KEY: OPERATOR.secretAccessKey,
    POWERTOOLS_TRACE_ENABLED: "false",
    POWERTOOLS_LOG_LEVEL: "SILENT",
  })) {
    vi.stubEnv(name, value);
  }
  return db;
};
