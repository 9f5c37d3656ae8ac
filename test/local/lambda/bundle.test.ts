import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DynamoDb, openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { type Lambda, startLambda } from "#local/lambda/lambda.ts";
import {
  ACCOUNT,
  REGION,
  role,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

// A handler as ours are: the SDK and Powertools inside, bundled as CDK's NodejsFunction does.
const HANDLER = `
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { Tracer } from "@aws-lambda-powertools/tracer";
const logger = new Logger();
const tracer = new Tracer();
const client = tracer.captureAWSv3Client(new DynamoDBClient({}));
export const handler = async (event, context) => {
  logger.addContext(context);
  logger.info("writing", { key: event.key });
  await client.send(new PutItemCommand({ TableName: event.table, Item: { pk: { S: event.key } } }));
  return { written: event.key };
};`;

let directory: string;
let endpoint: TestEndpoint;
let dynamoDb: DynamoDb;
let lambda: Lambda;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "bundle-"));
  await build({
    stdin: { contents: HANDLER, resolveDir: import.meta.dirname, loader: "js" },
    outfile: join(directory, "index.mjs"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    sourcemap: true,
    minify: true,
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  endpoint = await startTestEndpoint([
    role("Writer", [
      {
        Effect: "Allow",
        Action: "dynamodb:PutItem",
        Resource: "arn:aws:dynamodb:us-east-1:000000000000:table/Audit",
      },
    ]),
  ]);
  dynamoDb = await openDynamoDb({ file: ":memory:", region: REGION, accountId: ACCOUNT });
  endpoint.register(dynamoDb.service);
  lambda = await startLambda({
    region: REGION,
    accountId: ACCOUNT,
    functions: [
      {
        name: "writer",
        arn: "arn:aws:lambda:us-east-1:000000000000:function:writer",
        roleArn: "arn:aws:iam::000000000000:role/Writer",
        codeDirectory: directory,
        handler: "index.handler",
        timeoutSeconds: 20,
        memorySizeMb: 256,
        environment: { NODE_OPTIONS: "--enable-source-maps", POWERTOOLS_SERVICE_NAME: "home" },
      },
    ],
    access: (roleArn) => ({
      endpoint: endpoint.url,
      region: REGION,
      credentials: endpoint.iam.credentialsFor(roleArn, "lambda.amazonaws.com"),
    }),
  });
  endpoint.register(lambda.service);
  for (const TableName of ["Audit", "Home"]) {
    await new DynamoDBClient(endpoint.client).send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      }),
    );
  }
});
afterAll(async () => {
  await lambda.close();
  await endpoint.close();
  await dynamoDb.close();
  rmSync(directory, { recursive: true });
});

const invoke = (event: object) =>
  new LambdaClient(endpoint.client).send(
    new InvokeCommand({ FunctionName: "writer", Payload: JSON.stringify(event), LogType: "Tail" }),
  );

test("a bundled handler writes to the table that its role allows, and its logger's lines are as in AWS", async () => {
  const { Payload, FunctionError, LogResult, $metadata } = await invoke({
    table: "Audit",
    key: "RUN#1",
  });

  expect(FunctionError).toBeUndefined();
  expect(JSON.parse(Payload?.transformToString() ?? "")).toEqual({ written: "RUN#1" });
  const { Item } = await new DynamoDBClient(endpoint.client).send(
    new GetItemCommand({ TableName: "Audit", Key: { pk: { S: "RUN#1" } } }),
  );
  expect(Item).toEqual({ pk: { S: "RUN#1" } });

  // Nothing but its own line: no complaint that there is no X-Ray daemon and no trace.
  const lines = Buffer.from(LogResult ?? "", "base64")
    .toString("utf8")
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => line.split(" ")[0]?.split("{")[0])).toEqual([
    "START",
    "",
    "END",
    "REPORT",
  ]);
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({
    level: "INFO",
    message: "writing",
    service: "home",
    key: "RUN#1",
    cold_start: true,
    function_name: "writer",
    function_request_id: $metadata.requestId,
    xray_trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/) as string,
  });
});

test("what its role does not allow is AccessDeniedException in the handler, naming role, action and table", async () => {
  const { Payload, FunctionError } = await invoke({ table: "Home", key: "RUN#1" });

  expect(FunctionError).toBe("Unhandled");
  expect(JSON.parse(Payload?.transformToString() ?? "")).toMatchObject({
    errorType: "AccessDeniedException",
    errorMessage:
      "User: arn:aws:sts::000000000000:assumed-role/Writer/local is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Home because no identity-based policy allows the dynamodb:PutItem action",
  });
});
