import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  GetThingShadowCommand,
  IoTDataPlaneClient,
  PublishCommand,
  UpdateThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { synthesize } from "#aws/synthesize.ts";
import { readTemplate } from "#local/cloudformation/read-template.ts";
import { type ResolvedResource, resolveTemplate } from "#local/cloudformation/resolve-template.ts";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { startIot } from "#local/iot/iot.ts";
import { createCloudWatchLogs } from "#local/logs/cloudwatch-logs.ts";
import { createTables } from "#local/stack/create-tables.ts";
import { templateRoles } from "#local/stack/template-roles.ts";
import {
  ACCOUNT,
  OPERATOR,
  REGION,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";
import { parsed } from "./support.ts";

// Both stages' stacks as they are deployed into one account: one broker, one registry, one IAM.
const STAGES = { standard: "SmarthomeScenes", dev: "SmarthomeScenes-dev" } as const;
type StageName = keyof typeof STAGES;

const cleanUp: (() => Promise<void> | void)[] = [];
let endpoint: TestEndpoint;
let stages: Readonly<Record<StageName, readonly ResolvedResource[]>>;
let dynamoDb: DynamoDBClient;
let dataPlane: IoTDataPlaneClient;

const resolved = (scratch: string, stage: StageName): readonly ResolvedResource[] => {
  const props = stage === "dev" ? { stage: "dev" } : {};
  const path = synthesize(join(scratch, stage), props, { bundle: false, validate: false });
  const stackName = STAGES[stage];
  return resolveTemplate(readTemplate(dirname(path), stackName), {
    region: REGION,
    accountId: ACCOUNT,
    stackName,
    masterSecret: "test",
  });
};
const ofType = (resources: readonly ResolvedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);
const oneOf = (stage: StageName, type: string, name: string): ResolvedResource => {
  const found = ofType(stages[stage], type).filter(({ logicalId }) => logicalId.startsWith(name));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${name}`);
  return only;
};
const tableOf = (stage: StageName): string =>
  oneOf(stage, "AWS::DynamoDB::GlobalTable", "TablesAuditTable").physical.ref;

beforeAll(async () => {
  const scratch = mkdtempSync(join(tmpdir(), "two-stages-"));
  cleanUp.push(() => rmSync(scratch, { recursive: true }));
  stages = { standard: resolved(scratch, "standard"), dev: resolved(scratch, "dev") };
  const all = [...stages.standard, ...stages.dev];
  endpoint = await startTestEndpoint(templateRoles(all));
  cleanUp.push(endpoint.close);
  const operator = { endpoint: endpoint.url, region: REGION, credentials: OPERATOR };
  const tables = await openDynamoDb({ file: ":memory:", region: REGION, accountId: ACCOUNT });
  cleanUp.push(tables.close);
  const logs = createCloudWatchLogs({
    region: REGION,
    accountId: ACCOUNT,
    directory: scratch,
    logGroups: ofType(all, "AWS::Logs::LogGroup").map(({ physical }) => physical.ref),
  });
  const iot = await startIot({
    file: ":memory:",
    mqtt: { kind: "embedded", port: 0 },
    region: REGION,
    accountId: ACCOUNT,
    access: (roleArn, ruleArn) => ({
      ...operator,
      credentials: endpoint.iam.credentialsFor(roleArn, "iot.amazonaws.com", ruleArn),
    }),
    rules: ofType(all, "AWS::IoT::TopicRule").map(({ physical, properties }) => ({
      name: physical.ref,
      properties,
    })),
  });
  cleanUp.push(iot.close);
  for (const service of [tables.service, logs, ...iot.services]) endpoint.register(service);
  await createTables(operator, ofType(all, "AWS::DynamoDB::GlobalTable"));
  dynamoDb = new DynamoDBClient(endpoint.client);
  dataPlane = new IoTDataPlaneClient(endpoint.client);
}, 120_000);
afterAll(async () => {
  for (const each of cleanUp.toReversed()) await each();
});

const RUN = "run_0123456789abcdefghjk";
const OTHER_RUN = "run_zyxwvtsrqpnmkjhgfedc";

/** A device reports a command in its shadow. */
const report = (thing: string, command: unknown) =>
  dataPlane.send(
    new UpdateThingShadowCommand({
      thingName: thing,
      payload: Buffer.from(JSON.stringify({ state: { reported: { on: true, command } } })),
    }),
  );

const rowsOf = async (stage: StageName): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: tableOf(stage) }));
  return Items.map((item) => unmarshall(item));
};

let reports = 0;
/** The rows that a report makes in the stages' tables, once what was reported after it is there. */
const rowsAfter = async (thing: string, command: object) => {
  reports += 1;
  const id = `probe-${reports}`;
  const after = `after-${reports}`;
  await report(thing, { id, run: RUN, stage: 0, ...command });
  await report("barrier-one", { id: after, run: RUN, stage: 9 });
  await report("dev-barrier-one", { id: after, run: RUN, stage: 9 });
  const idOf = ({ command: reported }: Readonly<Record<string, unknown>>): unknown =>
    typeof reported === "object" && reported !== null && "id" in reported ? reported.id : undefined;
  for (const stage of ["standard", "dev"] as const) {
    await expect.poll(async () => (await rowsOf(stage)).map(idOf)).toContain(after);
  }
  const made = async (stage: StageName) =>
    (await rowsOf(stage))
      .filter((row) => row.thing === thing && idOf(row) === id)
      // After the stage: the shadow's version, and the moment.
      .map(({ PK, SK, home, v }) => ({
        PK,
        SK: String(SK).replace(/#\d+#\d{13}$/, ""),
        home,
        v,
      }));
  return { standard: await made("standard"), dev: await made("dev") };
};

const NOTHING = { standard: [], dev: [] };

// REQ: stage-in-things
describe("an acknowledgement is a row of the home of its thing, and of the stage of its thing", () => {
  test("of the default stage", async () => {
    expect(await rowsAfter("home-lamp", { stage: 1 })).toEqual({
      standard: [{ PK: `HOME#home#RUN#${RUN}`, SK: "ACK#home-lamp#1", home: "home", v: 1 }],
      dev: [],
    });
  });

  test("attempt 36: of a stage, and the default stage's table has no row", async () => {
    expect(await rowsAfter("dev-home-lamp", {})).toEqual({
      standard: [],
      dev: [{ PK: `HOME#home#RUN#${RUN}`, SK: "ACK#dev-home-lamp#0", home: "home", v: 1 }],
    });
  });

  test("of the default stage's home that is called as the stage is", async () => {
    expect(await rowsAfter("dev-lamp", {})).toEqual({
      standard: [{ PK: `HOME#dev#RUN#${RUN}`, SK: "ACK#dev-lamp#0", home: "dev", v: 1 }],
      dev: [],
    });
  });

  test("of the stage's home that is called as the stage is", async () => {
    expect(await rowsAfter("dev-dev-lamp", {})).toEqual({
      standard: [],
      dev: [{ PK: `HOME#dev#RUN#${RUN}`, SK: "ACK#dev-dev-lamp#0", home: "dev", v: 1 }],
    });
  });

  test.for([
    ["a-front_door", "a"],
    ["a_b-lamp", "a_b"],
    ["b-lamp", "b"],
    ["h7k2m-lamp_2", "h7k2m"],
  ] as const)("whatever run it names: %s is of %s", async ([thing, home]) => {
    const rows = await rowsAfter(thing, { run: OTHER_RUN });

    expect(rows).toEqual({
      standard: [{ PK: `HOME#${home}#RUN#${OTHER_RUN}`, SK: `ACK#${thing}#0`, home, v: 1 }],
      dev: [],
    });
  });

  test.for([
    "lamp",
    "Home-lamp",
    "home-Lamp",
    "home:lamp",
    "9-lamp",
    "-lamp",
    "home-",
    "home--lamp",
    "home-lamp-2",
    "devx-home-lamp",
    "xdev-home-lamp",
    "dev-dev-home-lamp",
    "DEV-home-lamp",
  ])("and of nobody where the thing is none of ours: %s", async (thing) => {
    expect(await rowsAfter(thing, {})).toEqual(NOTHING);
  });
});

describe("a message makes no key but of the form of one", () => {
  test.for<[string, unknown]>([
    ["another home's partition", `b#RUN#${RUN}`],
    ["another family of records", `${RUN}#OUTCOME`],
    ["more before it", `x${RUN}`],
    ["a colon", "run:0123456789abcdefghjk"],
    ["upper case", "run_0123456789ABCDEFGHJK"],
    ["an i, which Crockford's digits have not", "run_0123456789abcdefghij"],
    ["one digit fewer", "run_0123456789abcdefghj"],
    ["one digit more", "run_0123456789abcdefghjkm"],
    ["a last line feed", `${RUN}\n`],
    ["a last carriage return", `${RUN}\r`],
    ["a last line separator", `${RUN}\u2028`],
    ["a space", `${RUN} `],
    ["nothing", ""],
    ["an object", { run: RUN }],
    ["a list", [RUN]],
    ["a number", 5],
    ["true", true],
    ["no run", null],
    ["a text that fills the shadow", "run_".padEnd(3_500, "0")],
  ])("a run that is %s", async ([, run]) => {
    expect(await rowsAfter("a-probed", { run })).toEqual(NOTHING);
    expect(await rowsAfter("dev-a-probed", { run })).toEqual(NOTHING);
  });

  test.for<[string, unknown]>([
    ["a text with more", "0#x"],
    ["a text", "first"],
    ["a number as text", "0"],
    ["a number as text, and a line feed", "0\n"],
    ["10", 10],
    ["10⁹", 1e9],
    ["-1", -1],
    ["1.5", 1.5],
    ["true", true],
    ["a list", [0]],
    ["an object", { stage: 0 }],
    ["nothing", ""],
    ["no stage", null],
  ])("a stage that is %s", async ([, stage]) => {
    expect(await rowsAfter("a-probed", { stage })).toEqual(NOTHING);
    expect(await rowsAfter("dev-a-probed", { stage })).toEqual(NOTHING);
  });

  test("and each stage from 0 to 9 does", async () => {
    const made: unknown[] = [];
    for (const stage of [0, 9]) made.push(...(await rowsAfter("a-staged", { stage })).standard);

    expect(made).toMatchObject([{ SK: "ACK#a-staged#0" }, { SK: "ACK#a-staged#9" }]);
  });

  test("no command's id, or the one that was reported before, makes none", async () => {
    await report("a-again", { id: "same", run: RUN, stage: 0 });

    expect(await rowsAfter("a-nameless", { id: null })).toEqual(NOTHING);
    expect(await rowsAfter("a-again", { id: "same", run: OTHER_RUN })).toEqual(NOTHING);
    const rows = (await rowsOf("standard")).filter(({ thing }) => thing === "a-again");
    expect(rows).toMatchObject([{ PK: `HOME#a#RUN#${RUN}` }]);
  });
});

describe("a last will", () => {
  const versionAfterWill = async (thing: string): Promise<unknown> => {
    await dataPlane.send(new PublishCommand({ topic: `smarthome/${thing}/last-will` }));
    const shadow = () =>
      dataPlane.send(new GetThingShadowCommand({ thingName: thing })).then(
        ({ payload }) => parsed(Buffer.from(payload ?? []).toString()),
        () => undefined,
      );
    await expect.poll(shadow).toMatchObject({ state: { reported: { online: false } } });
    return (await shadow())?.version;
  };

  test.for(["home-will", "dev-home-will", "dev-will"])(
    "of %s is told by the rule of its stage alone: once",
    async (thing) => {
      const first = await versionAfterWill(thing);
      // Had the other stage's rule told it too, the last will after it would find a version more.
      const second = await versionAfterWill(`${thing}s`);
      const { payload } = await dataPlane.send(new GetThingShadowCommand({ thingName: thing }));

      expect([first, second]).toEqual([1, 1]);
      expect(parsed(Buffer.from(payload ?? []).toString())).toMatchObject({ version: 1 });
    },
  );
});

describe("a role of the stage dev", () => {
  const as = (name: string, service: string, rule?: string) => ({
    ...endpoint.client,
    credentials: endpoint.iam.credentialsFor(
      oneOf("dev", "AWS::IAM::Role", name).physical.attributes.Arn ?? "",
      service,
      rule === undefined ? undefined : `arn:aws:iot:${REGION}:${ACCOUNT}:rule/${rule}`,
    ),
  });
  const PUBLISHERS = [
    ["RunScenePublishCommandsRole", "lambda.amazonaws.com", undefined],
    ["TopicRulesRepublishLastWills", "iot.amazonaws.com", "smarthome_dev_republish_last_will"],
  ] as const;
  const FORBIDDEN = { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } };
  // dev-lamp is a lamp of the default stage's home "dev".
  const NOT_OURS = ["home-lamp", "dev-lamp", "devx-home-lamp"] as const;

  for (const [name, service, rule] of PUBLISHERS) {
    const publish = (thing: string) =>
      new IoTDataPlaneClient(as(name, service, rule)).send(
        new PublishCommand({
          topic: `$aws/things/${thing}/shadow/update`,
          payload: Buffer.from('{"state":{"desired":{"on":true}}}'),
        }),
      );

    test.for(NOT_OURS)(`attempt 36: ${name} does not command %s`, async (thing) => {
      await expect(publish(thing)).rejects.toMatchObject(FORBIDDEN);
    });

    test(`${name} commands its own`, async () => {
      await expect(publish("dev-home-lamp")).resolves.toBeDefined();
    });
  }

  test.for(NOT_OURS)("that concludes runs neither sees nor changes %s", async (thing) => {
    const client = new IoTDataPlaneClient(as("RunSceneConcludeRunRole", "lambda.amazonaws.com"));
    const update = new UpdateThingShadowCommand({
      thingName: thing,
      payload: Buffer.from('{"state":{"desired":null}}'),
    });

    await expect(
      client.send(new GetThingShadowCommand({ thingName: thing })),
    ).rejects.toMatchObject(FORBIDDEN);
    await expect(client.send(update)).rejects.toMatchObject(FORBIDDEN);
  });

  test("does not write the default stage's records, nor other families of its own", async () => {
    const role = as(
      "TopicRulesPutAcknowledgements",
      "iot.amazonaws.com",
      "smarthome_dev_record_acknowledgement",
    );
    const put = (TableName: string, PK: string) =>
      new DynamoDBClient(role).send(
        new PutItemCommand({ TableName, Item: { PK: { S: PK }, SK: { S: "x" } } }),
      );
    const refused = { name: "AccessDeniedException" };

    await expect(put(tableOf("standard"), `HOME#a#RUN#${RUN}`)).rejects.toMatchObject(refused);
    await expect(put(tableOf("dev"), "HOME#a#ACCESS#2026-11")).rejects.toMatchObject(refused);
    await expect(put(tableOf("dev"), "PRINCIPAL#me")).rejects.toMatchObject(refused);
    await expect(put(tableOf("dev"), `HOME#a#RUN#${RUN}`)).resolves.toBeDefined();
  });

  test("is taken for no rule of the default stage", () => {
    expect(() =>
      as("TopicRulesPutAcknowledgements", "iot.amazonaws.com", "smarthome_record_acknowledgement"),
    ).toThrow("sts:AssumeRole");
  });
});
