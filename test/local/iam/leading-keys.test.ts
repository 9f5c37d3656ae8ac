import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import {
  CreateStateMachineCommand,
  SFNClient,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { startIot } from "#local/iot/iot.ts";
import { createStepFunctions } from "#local/step-functions/step-functions.ts";
import {
  ACCOUNT,
  REGION,
  role,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

const RUN = "HOME#a#RUN#run_1";
const ACCESS = "HOME#a#ACCESS#2026-11";
// Beginnings and look-alikes of the family, other families, and the keys of a person.
const OTHERS = [
  ACCESS,
  "HOME#a",
  "HOME#a#RUN",
  "HOME#a#run#1",
  "xHOME#a#RUN#1",
  "RUN#1",
  "PRINCIPAL#me",
  "PRINCIPAL#HOME#a#RUN#1",
  "home#a#RUN#1",
] as const;

const onlyRuns = {
  Effect: "Allow",
  Action: [
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
  ],
  Resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/Audit`,
  Condition: {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "HOME#*#RUN#*" },
    Null: { "dynamodb:LeadingKeys": "false" },
  },
};
const SERVICES = ["lambda", "states", "iot"] as const;
const roleArn = (service: string): string => `arn:aws:iam::${ACCOUNT}:role/${service}`;

let endpoint: TestEndpoint;
let operator: DynamoDBClient;
let client: DynamoDBClient;
const cleanUp: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  endpoint = await startTestEndpoint(
    SERVICES.map((service) => role(service, [onlyRuns], `${service}.amazonaws.com`)),
  );
  const access = (arn: string) => ({
    endpoint: endpoint.url,
    region: REGION,
    credentials: endpoint.iam.credentialsFor(arn, `${arn.split("/")[1]}.amazonaws.com`),
  });
  const dynamoDb = await openDynamoDb({ file: ":memory:", region: REGION, accountId: ACCOUNT });
  const stepFunctions = createStepFunctions({ region: REGION, accountId: ACCOUNT, access });
  const iot = await startIot({
    file: ":memory:",
    mqtt: { kind: "embedded", port: 0 },
    region: REGION,
    accountId: ACCOUNT,
    access,
    rules: [
      {
        name: "record",
        properties: {
          TopicRulePayload: {
            AwsIotSqlVersion: "2016-03-23",
            Sql: "SELECT PK, SK FROM 'records'",
            Actions: [{ DynamoDBv2: { RoleArn: roleArn("iot"), PutItem: { TableName: "Audit" } } }],
          },
        },
      },
    ],
  });
  for (const service of [dynamoDb.service, stepFunctions.service, ...iot.services]) {
    endpoint.register(service);
  }
  operator = new DynamoDBClient(endpoint.client);
  client = new DynamoDBClient({ ...endpoint.client, ...access(roleArn("lambda")) });
  cleanUp.push(iot.close, stepFunctions.close, dynamoDb.close, endpoint.close);
  await operator.send(
    new CreateTableCommand({
      TableName: "Audit",
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
});
afterAll(async () => {
  for (const each of cleanUp) await each();
});
beforeEach(() => endpoint.lines.splice(0));

const item = (PK: string, SK = "1") => ({ PK: { S: PK }, SK: { S: SK } });
const REFUSED = { name: "AccessDeniedException" };

/** The sort keys under a partition key, as somebody who may see all of them. */
const keysOf = async (PK: string): Promise<readonly (string | undefined)[]> => {
  const { Items = [] } = await operator.send(
    new QueryCommand({
      TableName: "Audit",
      KeyConditionExpression: "PK = :pk",
      ExpressionAttributeValues: { ":pk": { S: PK } },
    }),
  );
  return Items.map(({ SK }) => SK?.S);
};

describe("a grant for HOME#*#RUN#* alone", () => {
  test("lets a function write, read and query a run", async () => {
    await client.send(new PutItemCommand({ TableName: "Audit", Item: item(RUN, "put") }));
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: "Audit", Item: item(RUN, "first") } },
          { Put: { TableName: "Audit", Item: item("HOME#b#RUN#run_2", "second") } },
        ],
      }),
    );
    const queried = await client.send(
      new QueryCommand({
        TableName: "Audit",
        KeyConditionExpression: "#pk = :pk AND begins_with(SK, :f)",
        ExpressionAttributeNames: { "#pk": "PK" },
        ExpressionAttributeValues: { ":pk": { S: RUN }, ":f": { S: "f" } },
      }),
    );
    const got = await client.send(
      new BatchGetItemCommand({ RequestItems: { Audit: { Keys: [item(RUN, "put")] } } }),
    );

    expect(queried.Items).toEqual([item(RUN, "first")]);
    expect(got.Responses?.Audit).toEqual([item(RUN, "put")]);
  });

  test.for(OTHERS)("does not let it write, read or query %s", async (PK) => {
    const sent = [
      () => client.send(new PutItemCommand({ TableName: "Audit", Item: item(PK) })),
      () => client.send(new UpdateItemCommand({ TableName: "Audit", Key: item(PK) })),
      () =>
        client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName: "Audit", Item: item(RUN, `with ${PK}`) } },
              { Put: { TableName: "Audit", Item: item(PK) } },
            ],
          }),
        ),
      () =>
        client.send(
          new BatchWriteItemCommand({
            RequestItems: {
              Audit: [
                { PutRequest: { Item: item(RUN, `with ${PK}`) } },
                { PutRequest: { Item: item(PK) } },
              ],
            },
          }),
        ),
      () =>
        client.send(
          new BatchGetItemCommand({
            RequestItems: { Audit: { Keys: [item(RUN, "put"), item(PK)] } },
          }),
        ),
      () =>
        client.send(
          new QueryCommand({
            TableName: "Audit",
            KeyConditionExpression: ":pk = PK",
            ExpressionAttributeValues: { ":pk": { S: PK } },
          }),
        ),
    ];

    for (const send of sent) await expect(send()).rejects.toMatchObject(REFUSED);
    expect(await keysOf(PK)).toEqual([]);
    expect(await keysOf(RUN)).not.toContain(`with ${PK}`);
  });

  test("does not let it scan, which names no key", async () => {
    const scan = client.send(new ScanCommand({ TableName: "Audit" }));

    await expect(scan).rejects.toMatchObject(REFUSED);
  });

  describe("holds for a workflow's putItem", () => {
    let machine: string;
    const sfn = () => new SFNClient({ ...endpoint.client, disableHostPrefix: true });
    const run = async (PK: string, SK: string) =>
      sfn().send(
        new StartSyncExecutionCommand({
          stateMachineArn: machine,
          input: JSON.stringify(item(PK, SK)),
        }),
      );
    beforeAll(async () => {
      const { stateMachineArn = "" } = await sfn().send(
        new CreateStateMachineCommand({
          name: "put",
          type: "EXPRESS",
          roleArn: roleArn("states"),
          definition: JSON.stringify({
            QueryLanguage: "JSONata",
            StartAt: "Put",
            States: {
              Put: {
                Type: "Task",
                Resource: "arn:aws:states:::dynamodb:putItem",
                Arguments: { TableName: "Audit", Item: "{% $states.input %}" },
                End: true,
              },
            },
          }),
        }),
      );
      machine = stateMachineArn;
    });

    test("which writes a run", async () => {
      const { status } = await run(RUN, "by workflow");

      expect(status).toBe("SUCCEEDED");
      expect(await keysOf(RUN)).toContain("by workflow");
    });

    test.for(OTHERS)("which does not write %s", async (PK) => {
      const { status, cause } = await run(PK, "by workflow");

      expect(status).toBe("FAILED");
      expect(cause).toContain("is not authorized to perform: dynamodb:PutItem");
      expect(await keysOf(PK)).toEqual([]);
    });
  });

  describe("holds for a rule's DynamoDBv2 action", () => {
    const publish = (PK: string, SK: string) =>
      new IoTDataPlaneClient(endpoint.client).send(
        new PublishCommand({ topic: "records", payload: Buffer.from(JSON.stringify({ PK, SK })) }),
      );

    test("which writes a run", async () => {
      await publish(RUN, "by rule");

      await expect.poll(() => keysOf(RUN)).toContain("by rule");
    });

    test.for(OTHERS)("which does not write %s", async (PK) => {
      await publish(PK, "by rule");

      await expect
        .poll(() => endpoint.lines.join("\n"))
        .toContain("role/iot/local is not authorized to perform: dynamodb:PutItem");
      expect(await keysOf(PK)).toEqual([]);
    });
  });
});
