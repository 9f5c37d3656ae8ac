import {
  BatchWriteItemCommand,
  CreateBackupCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  paginateListTables,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callAws } from "#local/wire/aws-call.ts";
import {
  AUDIT_TABLE,
  createAuditTable,
  startTestDynamoDb,
  type TestDynamoDb,
} from "./test-table.ts";

let house: TestDynamoDb;

beforeEach(async () => {
  house = await startTestDynamoDb({ sweepEveryMs: 10 });
  await createAuditTable(house.client);
});
afterEach(async () => {
  await house.close();
});

const ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/Audit";
const put = (
  sk: string,
  rest: Record<string, { S: string } | { N: string }> = {},
  TableName = "Audit",
) =>
  house.client.send(
    new PutItemCommand({ TableName, Item: { pk: { S: "x" }, sk: { S: sk }, ...rest } }),
  );
const describeAudit = async () =>
  (await house.client.send(new DescribeTableCommand({ TableName: "Audit" }))).Table;

describe("tables", () => {
  test("a table is active at once, and described as it was made", async () => {
    await put("1");

    await waitUntilTableExists(
      { client: house.client, maxWaitTime: 25, minDelay: 1 },
      { TableName: "Audit" },
    );
    const table = await describeAudit();

    expect(table).toMatchObject({
      TableName: "Audit",
      TableArn: ARN,
      TableStatus: "ACTIVE",
      ItemCount: 1,
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      KeySchema: AUDIT_TABLE.KeySchema,
      DeletionProtectionEnabled: false,
      GlobalSecondaryIndexes: [
        { IndexName: "byDay", IndexStatus: "ACTIVE", IndexArn: `${ARN}/index/byDay` },
        { IndexName: "byDevice", IndexStatus: "ACTIVE" },
      ],
    });
    expect(table?.CreationDateTime).toBeInstanceOf(Date);
  });

  test("a second table of the same name is refused", async () => {
    await expect(createAuditTable(house.client)).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: "Table already exists: Audit",
    });
  });

  test("tables are listed by name in pages", async () => {
    for (const name of ["Home", "Another", "Zoo"]) {
      await house.client.send(new CreateTableCommand({ ...AUDIT_TABLE, TableName: name }));
    }

    const names: string[] = [];
    for await (const page of paginateListTables({ client: house.client, pageSize: 3 }, {})) {
      names.push(...(page.TableNames ?? []));
    }

    expect(names).toEqual(["Another", "Audit", "Home", "Zoo"]);
  });

  test("a deleted table is gone with its items, and can be made anew", async () => {
    await put("1", { device: { S: "hall" } });

    await house.client.send(new DeleteTableCommand({ TableName: "Audit" }));

    await expect(describeAudit()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Table: Audit not found",
    });
    await createAuditTable(house.client);
    const scans = ["byDevice", undefined].map((IndexName) =>
      house.client.send(
        new ScanCommand({ TableName: "Audit", ...(IndexName === undefined ? {} : { IndexName }) }),
      ),
    );
    expect((await Promise.all(scans)).map(({ Count }) => Count)).toEqual([0, 0]);
  });

  test("a protected table is not deleted until the protection is taken off", async () => {
    const protect = (DeletionProtectionEnabled: boolean) =>
      house.client.send(new UpdateTableCommand({ TableName: "Audit", DeletionProtectionEnabled }));
    const remove = () => house.client.send(new DeleteTableCommand({ TableName: "Audit" }));

    await protect(true);
    await expect(remove()).rejects.toMatchObject({ name: "ValidationException" });
    await protect(false);
    await remove();

    const { TableNames } = await house.client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual([]);
  });

  test.each<[string, Partial<CreateTableCommandInput>, RegExp]>([
    [
      "a key without a type",
      { AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }] },
      /Some index key attribute have no definition|not defined in AttributeDefinitions/,
    ],
    [
      "units on demand",
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      /Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST/,
    ],
    [
      "two partition keys",
      {
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "HASH" },
        ],
      },
      /The second KeySchemaElement is not a RANGE key type/,
    ],
    [
      "a name that is too short",
      { TableName: "ab" },
      /at least 3 characters|greater than or equal to 3/,
    ],
  ])("%s is refused", async (_what, change, message) => {
    const made = house.client.send(
      new CreateTableCommand({ ...AUDIT_TABLE, TableName: "Other", ...change }),
    );

    await expect(made).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(message) as string,
    });
  });
});

describe("indexes of a table that is there", () => {
  const byOutcome = {
    IndexName: "byOutcome",
    KeySchema: [{ AttributeName: "outcome", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "ALL" as const },
  };
  const create = () =>
    house.client.send(
      new UpdateTableCommand({
        TableName: "Audit",
        AttributeDefinitions: [{ AttributeName: "outcome", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [{ Create: byOutcome }],
      }),
    );
  const refused = () =>
    house.client.send(
      new QueryCommand({
        TableName: "Audit",
        IndexName: "byOutcome",
        KeyConditionExpression: "outcome = :o",
        ExpressionAttributeValues: { ":o": { S: "refused" } },
      }),
    );

  test("a new one is filled with the items that fit, and keeps up with them", async () => {
    await put("1", { outcome: { S: "refused" } });
    await put("2", { outcome: { N: "5" } });
    await put("3");

    await create();
    await put("4", { outcome: { S: "refused" } });

    const { Items } = await refused();
    expect(Items?.map(({ sk }) => sk?.S).sort()).toEqual(["1", "4"]);
    expect((await describeAudit())?.GlobalSecondaryIndexes).toHaveLength(3);
  });

  test("a deleted one is gone, and the table goes on", async () => {
    await create();

    await house.client.send(
      new UpdateTableCommand({
        TableName: "Audit",
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byOutcome" } }],
      }),
    );
    await put("1", { outcome: { N: "5" } });

    await expect(refused()).rejects.toThrow("does not have the specified index");
    expect(
      (await describeAudit())?.AttributeDefinitions?.map((d) => d.AttributeName),
    ).not.toContain("outcome");
  });

  test("a second one of the same name, and one whose key has no type, are refused", async () => {
    await create();
    const untyped = house.client.send(
      new UpdateTableCommand({
        TableName: "Audit",
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              ...byOutcome,
              IndexName: "byWhy",
              KeySchema: [{ AttributeName: "why", KeyType: "HASH" }],
            },
          },
        ],
      }),
    );

    await expect(untyped).rejects.toMatchObject({ name: "ValidationException" });
    await expect(create()).rejects.toThrow("Duplicate index name: byOutcome");
    expect((await describeAudit())?.GlobalSecondaryIndexes).toHaveLength(3);
  });
});

test("point-in-time recovery is a setting that is kept and described", async () => {
  const described = async () =>
    (await house.client.send(new DescribeContinuousBackupsCommand({ TableName: "Audit" })))
      .ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  expect(await described()).toEqual({ PointInTimeRecoveryStatus: "DISABLED" });

  await house.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: "Audit",
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 7,
      },
    }),
  );

  expect(await described()).toMatchObject({
    PointInTimeRecoveryStatus: "ENABLED",
    RecoveryPeriodInDays: 7,
  });
});

test("tags are kept, changed and taken off", async () => {
  await house.client.send(
    new TagResourceCommand({
      ResourceArn: ARN,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    }),
  );
  await house.client.send(
    new TagResourceCommand({ ResourceArn: ARN, Tags: [{ Key: "b", Value: "3" }] }),
  );
  await house.client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ["a"] }));

  const { Tags } = await house.client.send(new ListTagsOfResourceCommand({ ResourceArn: ARN }));

  expect(Tags).toEqual([{ Key: "b", Value: "3" }]);
});

const NO_ARN = { ResourceArn: "Audit" };
test.each<[string, () => Promise<unknown>]>([
  [
    "TagResource",
    () =>
      house.client.send(new TagResourceCommand({ ...NO_ARN, Tags: [{ Key: "a", Value: "1" }] })),
  ],
  [
    "UntagResource",
    () => house.client.send(new UntagResourceCommand({ ...NO_ARN, TagKeys: ["a"] })),
  ],
  ["ListTagsOfResource", () => house.client.send(new ListTagsOfResourceCommand(NO_ARN))],
])("%s of what is no ARN is not permitted", async (operation, ask) => {
  await expect(ask()).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User is not authorized to perform: dynamodb:${operation} on resource: Audit`,
    $metadata: { httpStatusCode: 400 },
  });
});

test("throughput of nothing, of no change, and of a table on demand is refused", async () => {
  await house.client.send(
    new CreateTableCommand({
      TableName: "Provisioned",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
    }),
  );
  const update = (TableName: string, ReadCapacityUnits: number, WriteCapacityUnits: number) =>
    house.client.send(
      new UpdateTableCommand({
        TableName,
        ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
      }),
    );

  const changed = await update("Provisioned", 5, 7);

  expect(changed.TableDescription?.ProvisionedThroughput?.WriteCapacityUnits).toBe(7);
  await expect(update("Provisioned", 5, 7)).rejects.toThrow(
    "The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 7. Requested WriteCapacityUnits: 7. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
  );
  await expect(update("Provisioned", 0, 7)).rejects.toThrow(
    "1 validation error detected: Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1",
  );
  await expect(update("Audit", 5, 5)).rejects.toThrow(
    "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
  );
});

test("the size of an item's collection is not told, and says so, where there are collections", async () => {
  await house.client.send(
    new CreateTableCommand({
      ...AUDIT_TABLE,
      TableName: "Local",
      LocalSecondaryIndexes: [
        {
          IndexName: "byTime",
          KeySchema: [
            { AttributeName: "pk", KeyType: "HASH" },
            { AttributeName: "at", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  const write = (TableName: string) =>
    house.client.send(
      new PutItemCommand({
        TableName,
        Item: { pk: { S: "x" }, sk: { S: "1" } },
        ReturnItemCollectionMetrics: "SIZE",
      }),
    );

  const without = await write("Audit");

  expect(without.ItemCollectionMetrics).toBeUndefined();
  await expect(write("Local")).rejects.toMatchObject({
    name: "NotEmulated",
    message: expect.stringContaining("ReturnItemCollectionMetrics") as string,
  });
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    "PartiQL",
    () => house.client.send(new ExecuteStatementCommand({ Statement: "SELECT * FROM Audit" })),
    "DynamoDB ExecuteStatement",
  ],
  [
    "backups",
    () => house.client.send(new CreateBackupCommand({ TableName: "Audit", BackupName: "one" })),
    "DynamoDB CreateBackup",
  ],
  [
    "streams",
    () =>
      house.client.send(
        new CreateTableCommand({
          ...AUDIT_TABLE,
          TableName: "Other",
          StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
        }),
      ),
    "DynamoDB CreateTable with StreamSpecification",
  ],
  [
    "resource policies",
    () =>
      house.client.send(
        new CreateTableCommand({ ...AUDIT_TABLE, TableName: "Other", ResourcePolicy: "{}" }),
      ),
    "DynamoDB CreateTable with ResourcePolicy",
  ],
  [
    "replicas",
    () => house.client.send(new UpdateTableCommand({ TableName: "Audit", ReplicaUpdates: [] })),
    "DynamoDB UpdateTable with ReplicaUpdates",
  ],
])("%s are not imitated, and say so", async (_what, ask, name) => {
  await expect(ask()).rejects.toMatchObject({
    name: "NotEmulated",
    message: expect.stringContaining(name) as string,
  });
});

test.each([
  ["no JSON", "{", "DynamoDB_20120810.GetItem", "SerializationException"],
  ["a list", "[]", "DynamoDB_20120810.GetItem", "SerializationException"],
  [
    "a member of another type",
    '{"TableName":1,"Key":{}}',
    "DynamoDB_20120810.GetItem",
    "SerializationException",
  ],
  ["another version", "{}", "DynamoDB_20111205.GetItem", "UnknownOperationException"],
])("%s is refused as AWS refuses it", async (_what, body, target, code) => {
  const answer = await callAws(house.endpoint.client, {
    service: "dynamodb",
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target },
    body,
  });

  expect(answer.status).toBe(400);
  expect((JSON.parse(answer.body.toString()) as { __type: string }).__type).toBe(
    `com.amazon.coral.service#${code}`,
  );
});

test("how much a table holds is true after each way of writing, a refused one, and in a table of the same name", async () => {
  const key = (sk: string) => ({ pk: { S: "x" }, sk: { S: sk } });
  const sizes: unknown[] = [];
  const look = async () => {
    const table = await describeAudit();
    sizes.push([table?.ItemCount, table?.TableSizeBytes]);
  };

  await put("a");
  await look();
  await house.client.send(
    new UpdateItemCommand({
      TableName: "Audit",
      Key: key("a"),
      UpdateExpression: "SET device = :device",
      ExpressionAttributeValues: { ":device": { S: "lamp" } },
    }),
  );
  await look();
  await house.client.send(
    new BatchWriteItemCommand({
      RequestItems: {
        Audit: [
          { PutRequest: { Item: key("b") } },
          { PutRequest: { Item: key("c") } },
          { DeleteRequest: { Key: key("a") } },
        ],
      },
    }),
  );
  await look();
  const refused = house.client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Delete: { TableName: "Audit", Key: key("b") } },
        {
          Put: {
            TableName: "Audit",
            Item: key("c"),
            ConditionExpression: "attribute_not_exists(pk)",
          },
        },
      ],
    }),
  );
  await expect(refused).rejects.toMatchObject({ name: "TransactionCanceledException" });
  await look();
  await house.client.send(new DeleteTableCommand({ TableName: "Audit" }));
  await createAuditTable(house.client);
  await look();

  // As JSON, `{"pk":{"S":"x"},"sk":{"S":"a"}}` is 31 characters long, and `,"device":{"S":"lamp"}` 22.
  expect(sizes).toEqual([
    [1, 31],
    [1, 53],
    [2, 62],
    [2, 62],
    [0, 0],
  ]);
});
