import { hash, verify } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parseCheckpoint } from "#domain/log/checkpoint.ts";
import { append, emptyTree, rootOf } from "#domain/log/frontier.ts";
import { leafHashOf, type Sha256, sameBytes } from "#domain/log/hashing.ts";
import { isSignedBy, parseNote } from "#domain/log/note.ts";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { type AwsEndpoint, startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { createIam } from "#local/iam/iam.ts";
import { createKms } from "#local/kms/kms.ts";
import { createTables } from "#local/stack/create-tables.ts";
import { templateRoles } from "#local/stack/template-roles.ts";
import { lambdaContext } from "../../functions/lambda-context.ts";
import { ACCOUNT, OPERATOR, REGION } from "../endpoint/test-endpoint.ts";
import { declaredResources } from "../isolation/template.ts";

const directory = mkdtempSync(join(tmpdir(), "sealing-"));
const resources = declaredResources();
const named = (type: string, name: string) => {
  const found = resources.find((one) => one.type === type && one.logicalId.includes(name));
  if (found === undefined) throw new Error(`no ${type} ${name}`);
  return found;
};
const tableOf = (name: string) => named("AWS::DynamoDB::GlobalTable", name).physical.ref;
const [AUDIT, LOG] = [tableOf("AuditTable"), tableOf("LogTable")];
const key = named("AWS::KMS::Key", "Key").physical;
const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

let endpoint: AwsEndpoint;
let dynamoDb: DynamoDBClient;
let seal: () => Promise<unknown>;
let asRole: DynamoDBClient;
beforeAll(async () => {
  const iam = createIam({
    accountId: ACCOUNT,
    masterSecret: "test",
    operator: OPERATOR,
    roles: templateRoles(resources),
  });
  endpoint = await startAwsEndpoint({ port: 0, region: "us-east-1", iam });
  const tables = await openDynamoDb({ file: ":memory:", region: REGION, accountId: ACCOUNT });
  endpoint.register(tables.service);
  endpoint.register(
    createKms({
      region: REGION,
      accountId: ACCOUNT,
      keys: [
        {
          logicalId: "Key",
          id: key.ref,
          arn: key.attributes.Arn ?? "",
          properties: named("AWS::KMS::Key", "Key").properties,
        },
      ],
      file: (name) => join(directory, name),
    }),
  );
  const operator = { endpoint: endpoint.url, region: REGION, credentials: OPERATOR };
  await createTables(
    operator,
    resources.filter(({ type }) => type === "AWS::DynamoDB::GlobalTable"),
  );
  dynamoDb = new DynamoDBClient(operator);
  const role = named("AWS::IAM::Role", "AuditLogSealRecordsRole").physical.attributes.Arn ?? "";
  const credentials = iam.credentialsFor(role, "lambda.amazonaws.com");
  asRole = new DynamoDBClient({ ...operator, credentials, maxAttempts: 1 });
  // With the role's own rights, and nothing else.
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
    POWERTOOLS_TRACE_ENABLED: "false",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_METRICS_NAMESPACE: "test",
    AUDIT_TABLE_NAME: AUDIT,
    LOG_TABLE_NAME: LOG,
    LOG_KEY_ARN: key.attributes.Arn ?? "",
    RECORD_RETENTION_DAYS: "400",
  })) {
    vi.stubEnv(name, value);
  }
  const { handler } = await import("../../../functions/seal-records/handler.ts");
  seal = () => handler({}, { ...lambdaContext(), getRemainingTimeInMillis: () => 60_000 });
  cleanUp.push(tables.close);
}, 60_000);
const cleanUp: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const each of cleanUp) await each();
  await endpoint.close();
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

const write = async (home: string, run: number, sort: string, nowMs = Date.now()) => {
  await dynamoDb.send(
    new PutItemCommand({
      TableName: AUDIT,
      Item: marshall({
        PK: `HOME#${home}#RUN#run_${run}`,
        SK: sort,
        recordedAt: nowMs,
        seal: `${new Date(nowMs).toISOString().slice(0, 10)}#${(run % 16).toString(16)}`,
        expiresAt: 9_999_999_999,
        after: { light: { on: true, level: 0.1 + 0.2 } },
      }),
    }),
  );
};
const scan = async (TableName: string) => {
  const items: Record<string, AttributeValue>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamoDb.send(
      new ScanCommand({ TableName, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
};

/** Entries, receipts and heads of a home's log, held against each other and the audit table. */
const logOf = async (home: string) => {
  const items = await scan(LOG);
  const at = (PK: string, SK: string) =>
    items.find((item) => item.PK?.S === PK && item.SK?.S === SK) ?? {};
  const entries = items
    .filter((item) => item.PK?.S === `LOG#${home}` && item.SK?.S?.startsWith("ENTRY#") === true)
    .toSorted((one, other) => (String(one.SK?.S) < String(other.SK?.S) ? -1 : 1));
  let tree = emptyTree;
  for (const { leaf } of entries) {
    tree = append(sha256, tree, leafHashOf(sha256, Buffer.from(leaf?.S ?? "")));
  }
  const note = at(`CTL#${home}`, "CHECKPOINT").note?.S ?? "";
  return {
    size: tree.size,
    root: rootOf(sha256, tree),
    head: at(`LOG#${home}`, "HEAD"),
    note,
    names: entries.map(({ rec }) => rec?.S),
    receipts: items.filter((item) => item.PK?.S?.startsWith(`HOME#${home}#`) === true),
  };
};

// REQ: log-only-grows
test("32 runs and five sealers at once, with the role's own rights: every record once, under a head that KMS signed", async () => {
  const sorts = [
    "RUN",
    ...Array.from({ length: 6 }, (_, at) => `ACK#home-d${at}#0#3#1`),
    "OUTCOME",
  ];
  await Promise.all(
    Array.from({ length: 32 }, (_, run) => run).flatMap((run) =>
      sorts.map((sort) => write("home", run, sort)),
    ),
  );

  await Promise.all(Array.from({ length: 5 }, seal));
  await seal();

  const log = await logOf("home");
  const records = (await scan(AUDIT)).map(({ PK, SK }) => `${PK?.S}|${SK?.S}`);
  expect(log.size).toBe(257);
  expect(log.names.toSorted()).toEqual(records.toSorted());
  expect(log.receipts).toHaveLength(257);
  expect(log.head.leaves?.N).toBe("257");
  expect(sameBytes(log.head.root?.B ?? new Uint8Array(), log.root)).toBe(true);
  const parsed = parseNote(log.note);
  expect(parseCheckpoint(parsed.text)).toMatchObject({ origin: "smarthome.home", size: 257 });
  const kms = new KMSClient({ endpoint: endpoint.url, region: REGION, credentials: OPERATOR });
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: key.ref }));
  kms.destroy();
  const spki = Buffer.from(PublicKey ?? []);
  const signed = await isSignedBy(
    sha256,
    (_, message, signature) =>
      verify(null, message, { key: spki, format: "der", type: "spki" }, signature),
    parsed,
    { name: "smarthome.home", publicKey: spki.subarray(-32) },
  );
  expect(signed).toBe("signed");
});

// REQ: late-answer
test("what comes late joins the log: after the end, of a run that nobody knows, and twice", async () => {
  const before = (await logOf("home")).size;
  await write("home", 1, "ACK#home-d0#0#9#2");
  await write("home", 99, "ACK#home-d0#0#4#1");
  await write("home", 99, "ACK#home-d0#0#4#2");

  await seal();
  await seal();

  const log = await logOf("home");
  expect(log.size).toBe(before + 3);
  expect(log.names.slice(-3).toSorted()).toEqual([
    "HOME#home#RUN#run_1|ACK#home-d0#0#9#2",
    "HOME#home#RUN#run_99|ACK#home-d0#0#4#1",
    "HOME#home#RUN#run_99|ACK#home-d0#0#4#2",
  ]);
});

// REQ: log-only-grows
test("the sealer's role can put an entry by a transaction alone, and a lease by itself", async () => {
  const put = (PK: string, SK: string) =>
    asRole.send(new PutItemCommand({ TableName: LOG, Item: marshall({ PK, SK }) }));

  await expect(put("LOG#home", "ENTRY#000000000000")).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(put("LOG#home", "HEAD")).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(put("CTL#home", "TEST")).resolves.toBeDefined();
});
