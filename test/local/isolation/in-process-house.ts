import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { marshall } from "@aws-sdk/util-dynamodb";
import { connectAsync, type MqttClient } from "mqtt";
import { vi } from "vitest";
import type { Scope } from "#domain/access/caller.ts";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import type { ResolvedResource } from "#local/cloudformation/resolve-template.ts";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { type CarriedOutCall, startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { createIam } from "#local/iam/iam.ts";
import { startIot } from "#local/iot/iot.ts";
import { createCloudWatchLogs } from "#local/logs/cloudwatch-logs.ts";
import { createStateMachines } from "#local/stack/create-state-machines.ts";
import { createTables } from "#local/stack/create-tables.ts";
import { templateRoles } from "#local/stack/template-roles.ts";
import { createStepFunctions } from "#local/step-functions/step-functions.ts";
import type { RequiredPermission } from "#local/wire/aws-service.ts";
import {
  deleteMembership,
  type NewMembership,
  putMembership,
  putOperatorOfAll,
} from "../../../scripts/homes/members.ts";
import { seedHome } from "../../../scripts/homes/seed-home.ts";
import { lambdaContext } from "../../functions/lambda-context.ts";
import { HALL } from "../../support/hall.ts";
import { playedService } from "../../support/played-service.ts";
import { ACCOUNT, OPERATOR, REGION } from "../endpoint/test-endpoint.ts";
import { parsed } from "../iot/support.ts";
import { declaredResources } from "./template.ts";

/** Somebody whose token the gateway has verified. */
export interface Somebody {
  readonly sub: string;
  readonly scopes?: readonly Scope[];
}

export type Item = Readonly<Record<string, unknown>>;

/**
 * The template's tables, rules and state machine behind a real AWS endpoint, with the functions in this process, so
 * that thousands of calls take seconds. Every device answers at once.
 */
export interface InProcessHouse {
  /** What the endpoint carried out so far. */
  readonly calls: CarriedOutCall[];
  readonly homeTable: string;
  readonly auditTable: string;
  readonly dynamoDb: DynamoDBClient;
  readonly dataPlane: IoTDataPlaneClient;
  readonly device: MqttClient;
  /** Makes a home of a front door and a lamp, and of the scene goodnight. */
  addHome(home: string): Promise<void>;
  addMember(sub: string, home: string, more?: Partial<NewMembership>): Promise<void>;
  removeMember(sub: string, home: string): Promise<void>;
  addOperatorOfAll(sub: string): Promise<void>;
  /** Puts an item as it is. */
  put(table: string, item: Item): Promise<void>;
  /** Calls a tool as the gateway does. */
  call(somebody: Somebody, tool: string, args: unknown): Promise<Item>;
  close(): Promise<void>;
}

/** Starts it. `refuses` stands before IAM. */
export const startInProcessHouse = async (
  options: { readonly refuses?: (permission: RequiredPermission) => boolean } = {},
): Promise<InProcessHouse> => {
  const scratch = mkdtempSync(join(tmpdir(), "in-process-"));
  const cleanUp: (() => Promise<void> | void)[] = [
    () => rmSync(scratch, { recursive: true, force: true }),
  ];
  const resources = declaredResources();
  const ofType = (type: string): readonly ResolvedResource[] =>
    resources.filter((resource) => resource.type === type);
  const named = (type: string, name: string): ResolvedResource => {
    const found = ofType(type).find(({ logicalId }) => logicalId.includes(name));
    if (found === undefined) throw new Error(`no ${type} ${name}`);
    return found;
  };

  const calls: CarriedOutCall[] = [];
  const iam = createIam({
    accountId: ACCOUNT,
    masterSecret: "test",
    operator: OPERATOR,
    roles: templateRoles(resources),
  });
  const endpoint = await startAwsEndpoint({
    port: 0,
    iam: {
      find: (key) => iam.find(key),
      decide: (caller, permission) =>
        options.refuses?.(permission) === true
          ? { allowed: false, because: "the test refuses it" }
          : iam.decide(caller, permission),
    },
    onCall: (call) => calls.push(call),
  });
  cleanUp.push(endpoint.close);
  const operator = { endpoint: endpoint.url, region: REGION, credentials: OPERATOR };
  const roleOf = (service: string) => (roleArn: string, sourceArn?: string) => ({
    ...operator,
    credentials: iam.credentialsFor(roleArn, service, sourceArn),
  });

  const tables = await openDynamoDb({ file: ":memory:", region: REGION, accountId: ACCOUNT });
  cleanUp.push(tables.close);
  const logs = createCloudWatchLogs({
    region: REGION,
    accountId: ACCOUNT,
    directory: scratch,
    logGroups: ofType("AWS::Logs::LogGroup").map(({ physical }) => physical.ref),
  });
  const stepFunctions = createStepFunctions({
    region: REGION,
    accountId: ACCOUNT,
    access: roleOf("states.amazonaws.com"),
  });
  cleanUp.push(stepFunctions.close);
  const iot = await startIot({
    file: ":memory:",
    mqtt: { kind: "embedded", port: 0 },
    region: REGION,
    accountId: ACCOUNT,
    access: roleOf("iot.amazonaws.com"),
    rules: ofType("AWS::IoT::TopicRule").map(({ physical, properties }) => ({
      name: physical.ref,
      properties,
    })),
  });
  cleanUp.push(iot.close);

  const tableOf = (name: string) => named("AWS::DynamoDB::GlobalTable", name).physical.ref;
  const homeTable = tableOf("HomeTable");
  const auditTable = tableOf("AuditTable");
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: OPERATOR.accessKeyId,
    AWS_SECRET_ACCESS_KEY: OPERATOR.secretAccessKey,
    POWERTOOLS_TRACE_ENABLED: "false",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    HOME_TABLE_NAME: homeTable,
    AUDIT_TABLE_NAME: auditTable,
    THING_PREFIX: "",
    RUN_SCENE_STATE_MACHINE_ARN: named("AWS::StepFunctions::StateMachine", "RunScene").physical.ref,
    // Nobody plays the scheduler: what would be told to it fails, and stays to be done.
    SCHEDULE_GROUP: "smarthome-schedules",
    SCHEDULE_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/schedules`,
    START_SCHEDULED_SCENE_ARN: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:start`,
    SCHEDULE_DEAD_LETTERS_ARN: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead-letters`,
  })) {
    vi.stubEnv(name, value);
  }
  // Each reads its environment when it is loaded.
  const home = await import("../../../functions/home/handler.ts");
  const handlers = {
    PublishCommands: await import("../../../functions/publish-commands/handler.ts"),
    AwaitAcknowledgements: await import("../../../functions/await-acknowledgements/handler.ts"),
    ConcludeRun: await import("../../../functions/conclude-run/handler.ts"),
  };
  const lambda = playedService({
    signingNames: ["lambda"],
    errorProtocol: "rest-json",
    requiredPermissions: () => [],
    handle: async ({ path, body }) => {
      const [, handler] = Object.entries(handlers).find(([name]) => path.includes(name)) ?? [];
      if (handler === undefined) throw new Error(`nobody plays ${path}`);
      const answer = await handler.handler(parsed(body.toString("utf8")), lambdaContext());
      return { status: 200, headers: {}, body: JSON.stringify(answer) };
    },
  });
  for (const service of [tables.service, logs, stepFunctions.service, lambda, ...iot.services]) {
    endpoint.register(service);
  }
  await createTables(operator, ofType("AWS::DynamoDB::GlobalTable"));
  await createStateMachines(operator, ofType("AWS::StepFunctions::StateMachine"));

  const dynamoDb = new DynamoDBClient({ ...operator, maxAttempts: 1 });
  const dataPlane = new IoTDataPlaneClient({ ...operator, maxAttempts: 1 });
  const device = await answeringDevices(iot.mqttUrl);
  cleanUp.push(
    () => dynamoDb.destroy(),
    () => dataPlane.destroy(),
    () => device.endAsync(true),
  );
  const table = { dynamoDb, homeTable };
  return {
    calls,
    homeTable,
    auditTable,
    dynamoDb,
    dataPlane,
    device,
    addHome: async (id) => {
      const place = { home: parseHomeId(id), thingPrefix: "" } as const;
      await seedHome(
        table,
        {
          home: place.home,
          name: id,
          timeZone: "Europe/Berlin",
          state: "active",
          createdAt: "2026-11-01T00:00:00.000Z",
        },
        parseHome(HALL, place),
        async () => [],
      );
    },
    addMember: (sub, id, more = {}) =>
      putMembership(table, {
        sub,
        home: parseHomeId(id),
        role: "resident",
        name: id,
        who: sub,
        by: "the test",
        since: "2026-11-01T00:00:00.000Z",
        ...more,
      }),
    removeMember: async (sub, id) => {
      await deleteMembership(table, sub, parseHomeId(id));
    },
    addOperatorOfAll: (sub) =>
      putOperatorOfAll(table, { sub, who: sub, by: "the test", since: "2026-11-01T00:00:00.000Z" }),
    put: async (tableName, item) => {
      await dynamoDb.send(new PutItemCommand({ TableName: tableName, Item: marshall(item) }));
    },
    call: async ({ sub, scopes = ["read", "write"] }, tool, args) => {
      const answer = await home.handler(
        args,
        lambdaContext({
          custom: {
            bedrockAgentCoreToolName: `home___${tool}`,
            bedrockAgentCorePropagatedHeaders: {
              "x-caller-sub": sub,
              "x-caller-client-id": "client",
              "x-caller-username": sub,
              "x-caller-scopes": scopes.map((scope) => `smarthome-gateway/${scope}`).join(" "),
            },
          },
        }),
      );
      return parsed(JSON.stringify(answer));
    },
    close: async () => {
      for (const each of cleanUp.toReversed()) await each();
      vi.unstubAllEnvs();
    },
  };
};

/** Every device there is, in one client: each does what it is asked, and says so. */
const answeringDevices = async (url: string): Promise<MqttClient> => {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  client.on("message", (topic, payload) => {
    const { state } = parsed(payload.toString("utf8"));
    if (typeof state !== "object" || state === null || !("command" in state)) return;
    const command = { ...Object(state.command), status: "SUCCEEDED", reason: null } as object;
    client.publish(
      topic.replace(/\/delta$/, ""),
      JSON.stringify({ state: { reported: { ...state, command } } }),
      { qos: 1 },
    );
  });
  await client.subscribeAsync("$aws/things/+/shadow/update/delta", { qos: 1 });
  return client;
};
