import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { type Iot, type IotOptions, startIot } from "#local/iot/iot.ts";
import type { AwsService, RequiredPermission } from "#local/wire/aws-service.ts";

const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };

/** Everything a test of the IoT core talks to, on free ports. */
export interface IotBench {
  readonly iot: Iot;
  readonly endpoint: string;
  readonly dataPlane: IoTDataPlaneClient;
  /** What the core wrote to its log. */
  readonly log: readonly string[];
  /** Every permission that was asked for. */
  readonly permissions: readonly RequiredPermission[];
  /** Connects a client that does not reconnect by itself. */
  connect(options?: IClientOptions): Promise<MqttClient>;
  close(): Promise<void>;
}

export type IotBenchOptions = Partial<IotOptions> & {
  /** Further services behind the endpoint, e.g. DynamoDB. */
  readonly services?: readonly AwsService[];
  /** Whether the caller may; the default is yes. */
  readonly allows?: (permission: RequiredPermission) => boolean;
};

/** Starts the IoT core behind a real AWS endpoint. */
export const startIotBench = async (options: IotBenchOptions = {}): Promise<IotBench> => {
  const log: string[] = [];
  const permissions: RequiredPermission[] = [];
  const caller = { arn: "arn:aws:iam::000000000000:user/tester" };
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: {
      find: (accessKeyId) =>
        accessKeyId === credentials.accessKeyId ? { caller, credentials } : undefined,
      decide: (_caller, permission) => {
        permissions.push(permission);
        return (options.allows?.(permission) ?? true)
          ? { allowed: true }
          : { allowed: false, because: `no ${permission.action} on ${permission.resource}` };
      },
    },
    log: (line) => log.push(line),
  });
  const access = () => ({ endpoint: endpoint.url, region: "us-east-1", credentials });
  const iot = await startIot({
    file: ":memory:",
    mqtt: { kind: "embedded", port: 0 },
    region: "us-east-1",
    accountId: "000000000000",
    access,
    serviceAccess: access,
    rules: [],
    log: (line) => log.push(line),
    ...options,
  });
  for (const service of [...iot.services, ...(options.services ?? [])]) endpoint.register(service);
  const clients: MqttClient[] = [];
  const dataPlane = new IoTDataPlaneClient({
    endpoint: endpoint.url,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  return {
    iot,
    endpoint: endpoint.url,
    dataPlane,
    log,
    permissions,
    connect: async (clientOptions = {}) => {
      const client = await connectAsync(
        iot.mqttUrl,
        { reconnectPeriod: 0, ...clientOptions },
        false,
      );
      withoutDelay(client);
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    close: async () => {
      dataPlane.destroy();
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await iot.close();
      await endpoint.close();
    },
  };
};

/** mqtt.js leaves Nagle's algorithm on, which costs 40 ms a round trip (reference/performance.md). */
export const withoutDelay = (client: MqttClient): void => {
  const { stream } = client;
  if ("setNoDelay" in stream && typeof stream.setNoDelay === "function") stream.setNoDelay(true);
};

/** A message as a test reads it. */
export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
  readonly qos: number;
}

/** What a client hears under a filter, from the moment this returns. */
export const listen = async (
  client: MqttClient,
  filters: string | string[],
): Promise<{
  readonly all: readonly Heard[];
  /** The next message on a topic that was not taken yet; waits for it. */
  next(topic: string): Promise<Heard>;
}> => {
  const all: Heard[] = [];
  const taken = new Set<Heard>();
  const waiting = new Set<() => void>();
  client.on("message", (topic, payload, { retain, qos }) => {
    all.push({ topic, text: payload.toString("utf8"), retain, qos });
    for (const wake of waiting) wake();
  });
  await client.subscribeAsync(filters, { qos: 1 });
  return {
    all,
    next: (topic) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(`nothing on ${topic}; heard ${all.map((each) => each.topic).join(", ")}`),
          );
        }, 10_000);
        const look = (): void => {
          const found = all.find((each) => each.topic === topic && !taken.has(each));
          if (found === undefined) return;
          taken.add(found);
          waiting.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
};

/** Resolves when a socket or a client has closed. */
export const closedOf = (one: {
  once(event: "close", heard: () => void): unknown;
}): Promise<void> =>
  new Promise((resolve) => {
    one.once("close", () => resolve());
  });

/** A directory that is removed after the test. */
export const scratchDirectory = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), "iot-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** A JSON object that a test reads member by member. */
export const parsed = (text: string): Readonly<Record<string, unknown>> =>
  JSON.parse(text) as Readonly<Record<string, unknown>>;

/** The first line that a child process prints. */
export const firstLine = async (output: Readable | null): Promise<string> => {
  if (output === null) throw new Error("the child has no stdout");
  const [line] = (await once(createInterface(output), "line")) as readonly unknown[];
  return String(line);
};
