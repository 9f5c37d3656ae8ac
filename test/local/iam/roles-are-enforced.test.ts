import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DynamoDb, openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import {
  ACCOUNT,
  REGION,
  role,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

const AUDIT = "arn:aws:dynamodb:us-east-1:000000000000:table/Audit";
const USER =
  "User: arn:aws:sts::000000000000:assumed-role/Home/local is not authorized to perform:";

let endpoint: TestEndpoint;
let dynamoDb: DynamoDb;

const clientWith = async (statements: readonly unknown[]): Promise<DynamoDBClient> => {
  endpoint = await startTestEndpoint([role("Home", statements)]);
  endpoint.register(dynamoDb.service);
  const operator = new DynamoDBClient(endpoint.client);
  await operator.send(
    new CreateTableCommand({
      TableName: "Audit",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "day", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byDay",
          KeySchema: [{ AttributeName: "day", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  return new DynamoDBClient({
    ...endpoint.client,
    credentials: endpoint.iam.credentialsFor(
      "arn:aws:iam::000000000000:role/Home",
      "lambda.amazonaws.com",
    ),
  });
};

beforeEach(async () => {
  dynamoDb = await openDynamoDb({ file: ":memory:", region: REGION, accountId: ACCOUNT });
});
afterEach(async () => {
  await endpoint.close();
  await dynamoDb.close();
});

const put = (pk: string) => new PutItemCommand({ TableName: "Audit", Item: { pk: { S: pk } } });
const byDay = new QueryCommand({
  TableName: "Audit",
  IndexName: "byDay",
  KeyConditionExpression: "#d = :d",
  ExpressionAttributeNames: { "#d": "day" },
  ExpressionAttributeValues: { ":d": { S: "2026-11-24" } },
});

// REQ: roles-enforced
test("a role does what it is granted, and AWS's refusal names the role, the action and the resource", async () => {
  const client = await clientWith([
    { Effect: "Allow", Action: "dynamodb:PutItem", Resource: AUDIT },
  ]);

  await client.send(put("RUN#1"));
  const refused = client.send(
    new GetItemCommand({ TableName: "Audit", Key: { pk: { S: "RUN#1" } } }),
  );

  await expect(refused).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `${USER} dynamodb:GetItem on resource: ${AUDIT} because no identity-based policy allows the dynamodb:GetItem action`,
    $metadata: { httpStatusCode: 400 },
  });
  expect(endpoint.lines).toEqual([expect.stringContaining("dynamodb:GetItem") as string]);
});

test("a query on an index needs a grant on the index", async () => {
  const client = await clientWith([{ Effect: "Allow", Action: "dynamodb:Query", Resource: AUDIT }]);

  await expect(client.send(byDay)).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(
      `dynamodb:Query on resource: ${AUDIT}/index/byDay because`,
    ) as string,
  });
});

test("a grant on the indexes lets the query through", async () => {
  const client = await clientWith([
    { Effect: "Allow", Action: "dynamodb:Query", Resource: [AUDIT, `${AUDIT}/index/*`] },
  ]);

  const { Items } = await client.send(byDay);

  expect(Items).toEqual([]);
});

test("a batch needs its own action on each of its tables", async () => {
  const client = await clientWith([
    { Effect: "Allow", Action: ["dynamodb:PutItem", "dynamodb:GetItem"], Resource: AUDIT },
  ]);

  const [write, read] = await Promise.allSettled([
    client.send(
      new BatchWriteItemCommand({
        RequestItems: { Audit: [{ PutRequest: { Item: { pk: { S: "RUN#1" } } } }] },
      }),
    ),
    client.send(
      new BatchGetItemCommand({ RequestItems: { Audit: { Keys: [{ pk: { S: "RUN#1" } }] } } }),
    ),
  ]);

  expect(String(write.status === "rejected" && write.reason)).toContain(
    `dynamodb:BatchWriteItem on resource: ${AUDIT}`,
  );
  expect(String(read.status === "rejected" && read.reason)).toContain(
    `dynamodb:BatchGetItem on resource: ${AUDIT}`,
  );
});

test("a transaction needs the permissions of its parts, and does nothing when one is missing", async () => {
  const client = await clientWith([
    { Effect: "Allow", Action: ["dynamodb:PutItem", "dynamodb:GetItem"], Resource: AUDIT },
  ]);

  const transaction = client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: "Audit", Item: { pk: { S: "RUN#1" } } } },
        {
          ConditionCheck: {
            TableName: "Audit",
            Key: { pk: { S: "HOME" } },
            ConditionExpression: "attribute_not_exists(pk)",
          },
        },
      ],
    }),
  );

  await expect(transaction).rejects.toThrow(`dynamodb:ConditionCheckItem on resource: ${AUDIT}`);
  const { Item } = await client.send(
    new GetItemCommand({ TableName: "Audit", Key: { pk: { S: "RUN#1" } } }),
  );
  expect(Item).toBeUndefined();
});

test("a grant for some partitions holds for reads, writes and batches, and not for a scan", async () => {
  const client = await clientWith([
    {
      Effect: "Allow",
      Action: "dynamodb:*",
      Resource: AUDIT,
      Condition: {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "RUN#*" },
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    },
  ]);

  await client.send(put("RUN#1"));

  await expect(client.send(put("HOME"))).rejects.toThrow("dynamodb:PutItem");
  await expect(client.send(new ScanCommand({ TableName: "Audit" }))).rejects.toThrow(
    "dynamodb:Scan",
  );
  await expect(
    client.send(
      new BatchGetItemCommand({
        RequestItems: { Audit: { Keys: [{ pk: { S: "RUN#1" } }, { pk: { S: "HOME" } }] } },
      }),
    ),
  ).rejects.toThrow("dynamodb:BatchGetItem");
});

test("an explicit deny is told as one", async () => {
  const client = await clientWith([
    { Effect: "Allow", Action: "dynamodb:*", Resource: "*" },
    { Effect: "Deny", Action: "dynamodb:PutItem", Resource: AUDIT },
  ]);

  await expect(client.send(put("RUN#1"))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `${USER} dynamodb:PutItem on resource: ${AUDIT} with an explicit deny in an identity-based policy`,
  });
});

test("an action without a resource names none", async () => {
  const client = await clientWith([{ Effect: "Allow", Action: "dynamodb:*", Resource: AUDIT }]);

  await expect(client.send(new ListTablesCommand({}))).rejects.toMatchObject({
    message: `${USER} dynamodb:ListTables because no identity-based policy allows the dynamodb:ListTables action`,
  });
});
