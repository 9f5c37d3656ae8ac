import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connectAsync, type MqttClient } from "mqtt";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import type { AwsRequest, AwsService } from "#local/wire/aws-service.ts";
import { playedService } from "../../support/played-service.ts";
import { firstLine, listen } from "./support.ts";

const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
const caller = { arn: "arn:aws:iam::000000000000:user/tester" };

const rules = [
  {
    name: "Acknowledged",
    properties: {
      TopicRulePayload: {
        AwsIotSqlVersion: "2016-03-23",
        Sql: "SELECT concat(topic(3), '#', current.version) AS PK FROM '$aws/things/+/shadow/update/documents'",
        Actions: [
          { DynamoDBv2: { RoleArn: "arn:aws:iam::0:role/r", PutItem: { TableName: "audit" } } },
        ],
      },
    },
  },
];

/** A table that, until the kill, takes every second record and leaves the others waiting. */
const halfStuckTable = (killed: Promise<unknown>) => {
  const keys = new Set<string>();
  let requests = 0;
  let alive = true;
  void killed.then(() => {
    alive = false;
  });
  const service: AwsService = playedService({
    signingNames: ["dynamodb"],
    errorProtocol: "json",
    requiredPermissions: () => [],
    handle: async (request: AwsRequest) => {
      if (alive && requests++ % 2 === 1) {
        await killed;
        throw new Error("nobody waits for this any more");
      }
      const body = JSON.parse(request.body.toString()) as { Item: { PK: { S: string } } };
      keys.add(body.Item.PK.S);
      return { status: 200, headers: {}, body: "{}" };
    },
  });
  return { service, keys };
};

const startProcess = async (
  file: string,
  broker: string,
  endpoint: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> => {
  const child = fork(
    new URL("./iot-process.ts", import.meta.url),
    [file, broker, endpoint, JSON.stringify(rules)],
    { stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  return { child, url: await firstLine(child.stdout) };
};

/** What a round of killing found. */
export interface KillReport {
  /** Updates whose `accepted` a device had read when the process died. */
  readonly accepted: number;
  /** Records that were written only after the restart. */
  readonly afterRestart: number;
  /** What was accepted and is not in the shadow. */
  readonly lostUpdates: readonly string[];
  /** What was accepted and never reached the table. */
  readonly lostRecords: readonly string[];
}

/** Lets devices report as fast as they can, kills the core with SIGKILL, starts it again and looks for what is missing. */
export const killAndLook = async (options: {
  readonly file: string;
  readonly broker: string;
  readonly devices: number;
  /** The kill comes with this many updates accepted. */
  readonly killAt: number;
}): Promise<KillReport> => {
  const { file, broker, devices, killAt } = options;
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: { find: () => ({ caller, credentials }), decide: () => ({ allowed: true }) },
  });
  const first = await startProcess(file, broker, endpoint.url);
  const died = once(first.child, "exit");
  const table = halfStuckTable(died);
  endpoint.register(table.service);
  const versions = new Map<string, number>();
  const clients: MqttClient[] = [];
  const begin: (() => void)[] = [];
  let accepted = 0;
  for (let index = 0; index < devices; index++) {
    const thing = `lamp${index}`;
    const client = await connectAsync(first.url, { reconnectPeriod: 0 }, false);
    clients.push(client);
    client.on("error", () => {});
    const report = (): void => {
      const state = { reported: { count: (versions.get(thing) ?? 0) + 1 } };
      client.publish(`$aws/things/${thing}/shadow/update`, JSON.stringify({ state }), { qos: 1 });
    };
    client.on("message", (_topic, payload) => {
      const answer = JSON.parse(payload.toString()) as { readonly version: number };
      versions.set(thing, answer.version);
      accepted++;
      if (accepted === killAt) first.child.kill("SIGKILL");
      report();
    });
    await client.subscribeAsync(`$aws/things/${thing}/shadow/update/accepted`, { qos: 1 });
    begin.push(report);
  }
  for (const report of begin) report();
  await died;
  await Promise.all(clients.map((client) => client.endAsync(true)));
  const before = table.keys.size;

  const second = await startProcess(file, broker, endpoint.url);
  const asker = await connectAsync(second.url, { reconnectPeriod: 0 }, false);
  const heard = await listen(asker, "$aws/things/+/shadow/get/accepted");
  const lostUpdates: string[] = [];
  const expected = new Set<string>();
  for (const [thing, version] of versions) {
    await asker.publishAsync(`$aws/things/${thing}/shadow/get`, "", { qos: 1 });
    const answer = await heard.next(`$aws/things/${thing}/shadow/get/accepted`);
    const shadow = JSON.parse(answer.text) as { readonly version: number };
    if (shadow.version < version) lostUpdates.push(`${thing}#${version}`);
    for (let each = 1; each <= version; each++) expected.add(`${thing}#${each}`);
  }
  const missing = (): readonly string[] => [...expected].filter((key) => !table.keys.has(key));
  for (let tries = 0; tries < 200 && missing().length > 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await asker.endAsync(true);
  const ended = once(second.child, "exit");
  second.child.disconnect();
  await ended;
  await endpoint.close();
  return { accepted, afterRestart: table.keys.size - before, lostUpdates, lostRecords: missing() };
};
