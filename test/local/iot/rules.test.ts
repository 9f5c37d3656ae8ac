// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitution templates of AWS look like that.
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterEach, describe, expect, test } from "vitest";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { startIot } from "#local/iot/iot.ts";
import { AwsError, type AwsRequest, type AwsService } from "#local/wire/aws-service.ts";
import { mosquittoPath, startMosquitto } from "../../support/mosquitto.ts";
import { playedService } from "../../support/played-service.ts";
import { anyText, containing } from "./matchers.ts";
import {
  type IotBench,
  type IotBenchOptions,
  listen,
  parsed,
  scratchDirectory,
  startIotBench,
} from "./support.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

const roleArn = "arn:aws:iam::000000000000:role/rule";
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:listener";

const rule = (name: string, Sql: string, actions: readonly unknown[], ErrorAction?: unknown) => ({
  name,
  properties: {
    TopicRulePayload: {
      AwsIotSqlVersion: "2016-03-23",
      Sql,
      Actions: actions,
      ...(ErrorAction === undefined ? {} : { ErrorAction }),
    },
  },
});
const toTable = { DynamoDBv2: { RoleArn: roleArn, PutItem: { TableName: "audit" } } };
const toTopic = (topic: string) => ({ Republish: { RoleArn: roleArn, Topic: topic, Qos: 1 } });

const acknowledged = `SELECT
    concat('RUN#', current.state.reported.command.run) AS PK,
    concat('ACK#', topic(3), '#', current.state.reported.command.stage) AS SK,
    topic(3) AS thing, current.state.reported.command AS command,
    previous.state.reported AS before, current.state.reported AS after,
    current.state.desired AS asked, current.metadata.desired.command.id.timestamp AS askedAt,
    timestamp() AS acknowledgedAt, current.version AS version
  FROM '$aws/things/+/shadow/update/documents'
  WHERE NOT isUndefined(current.state.reported.command.run)
    AND nanvl(previous.state.reported.command.id, '') <> current.state.reported.command.id`;

/** A service that keeps what it was asked, and answers what the test says. */
const recorder = (
  name: string,
  answer: (request: AwsRequest) => void = () => {},
): { readonly service: AwsService; readonly requests: AwsRequest[] } => {
  const requests: AwsRequest[] = [];
  return {
    requests,
    service: playedService({
      signingNames: [name],
      errorProtocol: "json",
      requiredPermissions: () => [],
      handle: async (request) => {
        requests.push(request);
        answer(request);
        return { status: 202, headers: {}, body: "" };
      },
    }),
  };
};

const brokers = [
  { broker: "the embedded broker", present: true },
  {
    broker: `mosquitto${mosquittoPath === undefined ? " (needs Debian's mosquitto)" : ""}`,
    present: mosquittoPath !== undefined,
  },
] as const;

for (const { broker, present } of brokers) {
  const start = async (options: IotBenchOptions): Promise<IotBench> => {
    const external = broker === "the embedded broker" ? undefined : await startMosquitto();
    if (external !== undefined) cleanUp.push(external.close);
    const bench = await startIotBench({
      ...options,
      ...(external === undefined ? {} : { mqtt: { kind: "external", url: external.url } }),
    });
    cleanUp.push(bench.close);
    return bench;
  };

  describe.skipIf(!present)(`with ${broker}`, () => {
    // REQ: acknowledgement-writes-itself
    test("an acknowledgement writes itself into the table, with the state before and after", async () => {
      const scratch = scratchDirectory();
      cleanUp.push(scratch.remove);
      const tables = await openDynamoDb({
        file: `${scratch.path}/dynamodb.sqlite`,
        region: "us-east-1",
        accountId: "000000000000",
      });
      cleanUp.push(tables.close);
      const rules = [rule("Acknowledged", acknowledged, [toTable])];
      const bench = await start({
        rules,
        services: [tables.service],
        nowMs: () => 1_700_000_000_500,
      });
      const client = new DynamoDBClient({
        endpoint: bench.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
      });
      cleanUp.push(() => client.destroy());
      await client.send(
        new CreateTableCommand({
          TableName: "audit",
          AttributeDefinitions: [
            { AttributeName: "PK", AttributeType: "S" },
            { AttributeName: "SK", AttributeType: "S" },
          ],
          KeySchema: [
            { AttributeName: "PK", KeyType: "HASH" },
            { AttributeName: "SK", KeyType: "RANGE" },
          ],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
      const device = await bench.connect({ clientId: "lamp" });
      const update = (state: unknown): Promise<unknown> =>
        device.publishAsync("$aws/things/lamp/shadow/update", JSON.stringify({ state }), {
          qos: 1,
        });
      const items = async () =>
        ((await client.send(new ScanCommand({ TableName: "audit" }))).Items ?? [])
          .map((item) => unmarshall(item))
          .toSorted((a, b) => String(a.SK).localeCompare(String(b.SK)));

      await update({ desired: { on: true, command: { id: "r1.0", run: "r1", stage: 0 } } });
      const first = { id: "r1.0", run: "r1", stage: 0, status: "SUCCEEDED", reason: null };
      await update({ reported: { on: true, command: { ...first, reason: "none" } } });
      await update({ reported: { signal: -60 } });
      await update({ reported: { command: { id: "r1.1", stage: 1 } } });

      await expect.poll(items, { timeout: 10_000 }).toHaveLength(2);
      expect((await items())[0]).toEqual({
        PK: "RUN#r1",
        SK: "ACK#lamp#0",
        thing: "lamp",
        command: { ...first, reason: "none" },
        after: { on: true, command: { ...first, reason: "none" } },
        asked: { on: true, command: { id: "r1.0", run: "r1", stage: 0 } },
        askedAt: 1_700_000_000,
        acknowledgedAt: 1_700_000_000_500,
        version: 2,
      });
      expect((await items())[1]).toMatchObject({ SK: "ACK#lamp#1", before: { signal: -60 } });
      expect(bench.log).toEqual([]);
    });

    test("a last will is republished into the shadow", async () => {
      const sql = "SELECT false AS state.reported.online FROM 'home/+/last-will'";
      const rules = [rule("Will", sql, [toTopic("$$aws/things/${topic(2)}/shadow/update")])];
      const bench = await start({ rules });
      const heard = await listen(await bench.connect(), "$aws/things/lamp/shadow/update/accepted");
      const topic = "home/lamp/last-will";
      const will = { topic, payload: Buffer.from("gone"), qos: 1 as const, retain: false };
      const device = await bench.connect({ clientId: "lamp", will });

      device.stream.destroy();

      const { text } = await heard.next("$aws/things/lamp/shadow/update/accepted");
      expect(parsed(text)).toMatchObject({
        state: { reported: { online: false } },
        version: 1,
      });
      expect(bench.permissions).toContainEqual({
        action: "iot:Publish",
        resource: "arn:aws:iot:us-east-1:000000000000:topic/$aws/things/lamp/shadow/update",
      });
    });

    test("a message by HTTP is seen once, also where the filters of rules overlap", async () => {
      const lambda = recorder("lambda");
      const invoke = { Lambda: { FunctionArn: functionArn } };
      const rules = [
        rule("One", "SELECT *, 'one' AS by, clientid() AS who FROM 'a/+'", [invoke]),
        rule("Two", "SELECT *, 'two' AS by, clientid() AS who FROM 'a/#'", [invoke]),
      ];
      const bench = await start({ rules, services: [lambda.service] });

      await bench.dataPlane.send(new PublishCommand({ topic: "a/b", qos: 1, payload: '{"n":1}' }));
      await bench.dataPlane.send(new PublishCommand({ topic: "a/b", qos: 1, payload: '{"n":2}' }));

      await expect.poll(() => lambda.requests.length, { timeout: 10_000 }).toBe(4);
      const bodies = lambda.requests.map(({ body }) => body.toString()).toSorted();
      expect(bodies).toEqual([
        '{"n":1,"by":"one","who":"n/a"}',
        '{"n":1,"by":"two","who":"n/a"}',
        '{"n":2,"by":"one","who":"n/a"}',
        '{"n":2,"by":"two","who":"n/a"}',
      ]);
      expect(lambda.requests[0]?.headers["x-amz-invocation-type"]).toBe("Event");
      expect(decodeURIComponent(lambda.requests[0]?.path ?? "")).toBe(
        `/2015-03-31/functions/${functionArn}/invocations`,
      );
    });

    test("a payload that is no JSON object goes on as it is: to a topic, to a log, and not into a table", async () => {
      const tables = recorder("dynamodb");
      const logs = recorder("logs");
      const toLog = { CloudwatchLogs: { RoleArn: roleArn, LogGroupName: "all" } };
      const errors = { CloudwatchLogs: { RoleArn: roleArn, LogGroupName: "rule-errors" } };
      const rules = [rule("All", "SELECT * FROM 'a'", [toTopic("b"), toLog, toTable], errors)];
      const bench = await start({ rules, services: [tables.service, logs.service] });
      const device = await bench.connect({ clientId: "lamp" });
      const heard = new Promise<string>((resolve) => {
        device.on("message", (_topic, payload) => resolve(payload.toString("hex")));
      });
      await device.subscribeAsync("b", { qos: 1 });

      await device.publishAsync("a", Buffer.from("80 %"), { qos: 1 });

      expect(await heard).toBe("38302025");
      await expect.poll(() => logs.requests.length, { timeout: 10_000 }).toBe(2);
      const written = logs.requests.map(({ body }) => parsed(body.toString()));
      const messages = written.map(({ logGroupName, logEvents }) => [
        logGroupName,
        (logEvents as readonly { readonly message: string }[])[0]?.message,
      ]);
      expect(messages).toEqual(
        expect.arrayContaining([
          ["all", "80 %"],
          ["rule-errors", containing("the message is no JSON object")],
        ]),
      );
      expect(tables.requests).toEqual([]);
    });

    test("an action that AWS refuses goes to the error action with AWS's message, and to the log", async () => {
      const tables = recorder("dynamodb", () => {
        throw new AwsError("AccessDeniedException", "no dynamodb:PutItem on table/audit");
      });
      const logs = recorder("logs");
      const errors = { CloudwatchLogs: { RoleArn: roleArn, LogGroupName: "rule-errors" } };
      const rules = [rule("Acknowledged", "SELECT 1 AS PK FROM 'a'", [toTable, toTable], errors)];
      const bench = await start({ rules, services: [tables.service, logs.service] });
      const device = await bench.connect({ clientId: "lamp" });

      await device.publishAsync("a", "hello", { qos: 1 });

      await expect.poll(() => logs.requests.length, { timeout: 10_000 }).toBe(1);
      const sent = parsed(logs.requests[0]?.body.toString() ?? "");
      expect(sent).toMatchObject({ logGroupName: "rule-errors", logStreamName: "Acknowledged" });
      const [event] = sent.logEvents as readonly { readonly message: string }[];
      expect(parsed(event?.message ?? "")).toEqual({
        ruleName: "Acknowledged",
        topic: "a",
        cloudwatchTraceId: anyText,
        clientId: broker === "the embedded broker" ? "lamp" : "N/A",
        base64OriginalPayload: "aGVsbG8=",
        failures: [1, 2].map(() => ({
          failedAction: "DynamoDBv2Action",
          failedResource: "audit",
          errorMessage: containing(
            "The error received was no dynamodb:PutItem on table/audit (Service: DynamoDb; Status Code: 400; Error Code: AccessDeniedException)",
          ),
        })),
      });
      expect(tables.requests).toHaveLength(2);
      expect(bench.log.join()).toContain("topic rule Acknowledged, DynamoDBv2 audit");
    });

    test("an action that fails for a moment is tried again", async () => {
      let failures = 2;
      const tables = recorder("dynamodb", () => {
        if (failures-- > 0) throw new AwsError("InternalServerError", "later", { status: 500 });
      });
      const rules = [rule("Acknowledged", "SELECT 1 AS PK FROM 'a'", [toTable])];
      const bench = await start({ rules, services: [tables.service] });
      const device = await bench.connect();

      await device.publishAsync("a", "{}", { qos: 1 });

      await expect.poll(() => tables.requests.length, { timeout: 10_000 }).toBe(3);
      expect(bench.log).toEqual([]);
    });

    test("a role that cannot be assumed any more is an error like any other", async () => {
      const rules = [rule("Acknowledged", "SELECT 1 AS PK FROM 'a'", [toTable])];
      let isTrusted = true;
      const bench = await start({
        rules,
        access: (role, source) => {
          if (isTrusted)
            return {
              endpoint: "",
              region: "",
              credentials: { accessKeyId: "", secretAccessKey: "" },
            };
          throw new AwsError("AccessDenied", `not ${role} for ${source}`, { status: 403 });
        },
      });
      isTrusted = false;
      const device = await bench.connect();

      await device.publishAsync("a", "{}", { qos: 1 });

      await expect
        .poll(() => bench.log.join(), { timeout: 10_000 })
        .toContain(`not ${roleArn} for arn:aws:iot:us-east-1:000000000000:rule/Acknowledged`);
    });

    test("a rule that rests on true OR Undefined says so once", async () => {
      const sql = "SELECT a FROM 'a' WHERE isUndefined(b) OR a <> b";
      const rules = [rule("Doubtful", sql, [toTopic("b")])];
      const bench = await start({ rules });
      const device = await bench.connect();
      const heard = await listen(device, "b");

      await device.publishAsync("a", '{"a":1}', { qos: 1 });
      await device.publishAsync("a", '{"a":2}', { qos: 1 });
      await device.publishAsync("a", '{"a":3,"b":4}', { qos: 1 });

      await heard.next("b");
      expect(bench.log).toEqual([containing("topic rule Doubtful: WHERE has true OR")]);
    });

    test("a message is kept for the next start when nobody is there to take it", async () => {
      const scratch = scratchDirectory();
      cleanUp.push(scratch.remove);
      const file = `${scratch.path}/iot.sqlite`;
      const rules = [rule("Acknowledged", "SELECT topic() AS PK FROM 'a'", [toTable])];
      const nobody = () => ({
        endpoint: "http://localhost:9",
        region: "us-east-1",
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
      });
      const first = await start({ file, rules, access: nobody });
      const device = await first.connect();
      await device.publishAsync("a", "{}", { qos: 1 });
      await expect
        .poll(() => first.log.join(), { timeout: 10_000 })
        .toContain("kept for the next start");
      await first.close();

      const tables = recorder("dynamodb");
      await start({ file, rules, services: [tables.service] });

      await expect.poll(() => tables.requests.length, { timeout: 10_000 }).toBe(1);
      expect(tables.requests[0]?.body.toString()).toBe(
        '{"TableName":"audit","Item":{"PK":{"S":"a"}}}',
      );
    });

    test("a payload nested 60,000 deep does not end the process", async () => {
      const rules = [rule("Deep", "SELECT *, concat(a, 'x') AS b FROM 'a'", [toTable])];
      const bench = await start({ rules });
      const device = await bench.connect();
      const heard = await listen(device, "end");

      await device.publishAsync("a", `{"a":${"[".repeat(60_000)}${"]".repeat(60_000)}}`, {
        qos: 1,
      });
      await device.publishAsync("end", "", { qos: 1 });

      await heard.next("end");
    });
  });
}

describe("rules", () => {
  test("see messages of every kind: what clients publish, what the shadow service says, presence", async () => {
    const lambda = recorder("lambda");
    const invoke = [{ Lambda: { FunctionArn: functionArn } }];
    const rules = [
      rule("Update", "SELECT topic() AS topic FROM '$aws/things/+/shadow/update'", invoke),
      rule(
        "Accepted",
        "SELECT topic() AS topic FROM '$aws/things/+/shadow/update/accepted'",
        invoke,
      ),
      rule("Presence", "SELECT eventType AS topic FROM '$aws/events/presence/+/lamp'", invoke),
    ];
    const bench = await startIotBench({ rules, services: [lambda.service] });
    cleanUp.push(bench.close);

    const device = await bench.connect({ clientId: "lamp" });
    await device.publishAsync("$aws/things/lamp/shadow/update", '{"state":{}}', { qos: 1 });

    const topics = () => lambda.requests.map(({ body }) => String(parsed(body.toString()).topic));
    await expect
      .poll(() => topics().toSorted(), { timeout: 10_000 })
      .toEqual([
        "$aws/things/lamp/shadow/update",
        "$aws/things/lamp/shadow/update/accepted",
        "connected",
      ]);
  });

  // REQ: rule-roles-probed
  test("whose role IoT cannot take are not made, and the role is named", async () => {
    const started = startIot({
      file: ":memory:",
      mqtt: { kind: "embedded", port: 0 },
      region: "us-east-1",
      accountId: "000000000000",
      access: (role) => {
        throw new AwsError("AccessDenied", `${role} is not for iot.amazonaws.com`, { status: 403 });
      },
      rules: [rule("Untrusted", "SELECT a FROM 'a'", [toTable])],
    });

    await expect(started).rejects.toMatchObject({
      code: "StartFailed",
      message: `The topic rule Untrusted cannot be made: ${roleArn} is not for iot.amazonaws.com`,
    });
  });

  test("that are not understood keep the core from starting", async () => {
    const started = startIot({
      file: ":memory:",
      mqtt: { kind: "embedded", port: 0 },
      region: "us-east-1",
      accountId: "000000000000",
      access: () => {
        throw new Error("not asked");
      },
      rules: [rule("Broken", "SELECT a FROM 'a' WHERE f(a)", [toTable])],
    });

    await expect(started).rejects.toMatchObject({ code: "TemplateNotUnderstood" });
  });
});
