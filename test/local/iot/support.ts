import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import type { AwsService, RequiredPermission } from "#local/aws-service.ts";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { type Iot, type IotOptions, startIot } from "#local/iot/iot.ts";

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

/** Where Debian puts mosquitto; absent where it is not installed. */
export const mosquittoPath = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find((path) =>
  existsSync(path),
);

/** A mosquitto of our own on a free port of the loopback interface. */
export const startMosquitto = async (): Promise<{
  readonly url: string;
  close(): Promise<void>;
}> => {
  const directory = scratchDirectory();
  const port = await freePort();
  const config = join(directory.path, "mosquitto.conf");
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\nmax_inflight_messages 0\npersistence false\nlog_dest none\n`,
  );
  const child = spawn(mosquittoPath ?? "mosquitto", ["-c", config], { stdio: "ignore" });
  const ended = once(child, "exit");
  const url = `mqtt://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    try {
      const probe = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 1000 }, false);
      await probe.endAsync();
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    url,
    close: async () => {
      child.kill();
      await ended;
      directory.remove();
    },
  };
};

/** A directory that is removed after the test. */
export const scratchDirectory = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), "iot-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
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
