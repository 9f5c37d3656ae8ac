import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { isObject } from "#domain/json.ts";
import { type PlainBroker, startPlainBroker } from "../../local/house/backend.ts";

/** What the radio knows of a device: its attributes by endpoint and cluster, and the commands that reached it. */
export interface DeviceTruth {
  readonly attrs: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
  >;
  readonly commands: readonly string[];
  /** How many frames it did not hear, because it slept or had no power. */
  readonly missed: number;
}

/** The real Zigbee2MQTT on the virtual radio, with a broker of its own. */
export interface ZigbeeHub {
  readonly url: string;
  readonly client: MqttClient;
  /** Gives a device a fault, changes it by hand, or has it leave or join. */
  control(message: Readonly<Record<string, unknown>>): Promise<void>;
  truth(device: string): Promise<DeviceTruth>;
  request(topic: string, message: object): Promise<void>;
  /** Zigbee2MQTT ends, or is there again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it with these settings over its defaults. */
export const startZigbeeHub = async (
  packages: string,
  options: { readonly settings?: object; readonly lamps?: number } = {},
): Promise<ZigbeeHub> => {
  const data = mkdtempSync(join(tmpdir(), "zigbee2mqtt-"));
  const broker: PlainBroker = await startPlainBroker();
  const client = await connectAsync(broker.url, { clientId: "test" });
  // YAML takes JSON.
  writeFileSync(
    join(data, "configuration.yaml"),
    JSON.stringify({
      mqtt: { server: broker.url, base_topic: "zigbee2mqtt" },
      serial: { port: "/dev/null", adapter: "ember" },
      frontend: { enabled: false },
      homeassistant: { enabled: false },
      advanced: {
        log_level: "info",
        log_output: ["console"],
        network_key: Array(16).fill(7),
        pan_id: 6754,
      },
      ...options.settings,
    }),
  );
  let child: ChildProcess | undefined;
  let tokens = 0;

  const started = (count: number): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let waitingFor: readonly unknown[] = [];
    let known: unknown;
    const onMessage = (topic: string, payload: Buffer): void => {
      if (topic !== "zigbee2mqtt/bridge/devices") return;
      const told: unknown = JSON.parse(payload.toString("utf8"));
      const devices = (Array.isArray(told) ? told : [])
        .filter(isObject)
        .filter(({ type }) => type !== "Coordinator");
      const isReady = ({ interview_state: state }: object & { interview_state?: unknown }) =>
        state === "SUCCESSFUL";
      waitingFor = devices.filter((one) => !isReady(one)).map(({ ieee_address: id }) => id);
      known = devices[0]?.ieee_address;
      if (devices.length - waitingFor.length < count) return;
      client.off("message", onMessage);
      clearTimeout(tooLong);
      clearInterval(asking);
      resolve();
    };
    // On a busy machine the real program loses its broker for a while, and what it would have said meanwhile it does not say
    // again; or an interview runs out of its time. Asked for one interview it tells of all devices.
    const asking = setInterval(() => {
      const [id = known] = waitingFor;
      if (id === undefined) return;
      client.publish("zigbee2mqtt/bridge/request/device/interview", JSON.stringify({ id }));
    }, 10_000);
    const tooLong = setTimeout(() => {
      clearInterval(asking);
      reject(new Error(`Of ${count} devices some are not interviewed: ${waitingFor.join(", ")}`));
    }, 100_000);
    client.on("message", onMessage);
    return promise;
  };
  const start = async (): Promise<void> => {
    child = fork(join(packages, "node_modules/zigbee2mqtt/index.js"), [], {
      execArgv: ["-r", join(import.meta.dirname, "virtual-radio.cjs")],
      env: {
        ...process.env,
        Z2M_MODULES: join(packages, "node_modules"),
        ZIGBEE2MQTT_DATA: data,
        // Inside a git folder it would take that one's commit for its own, and build itself anew.
        GIT_DIR: data,
        VIRTUAL_LAMPS: String(options.lamps ?? 0),
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    // A hundred questions at once, each with a listener of its own.
    child.setMaxListeners(0);
    await client.subscribeAsync("zigbee2mqtt/bridge/#", { qos: 1 });
    await started(options.lamps ?? DEVICES_AT_HOME);
  };
  const stop = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, "exit");
    ending.kill("SIGTERM");
    await ended;
  };
  const tell = (message: object): Promise<unknown> => {
    tokens += 1;
    const token = `t${tokens}`;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const onAnswer = (answer: unknown): void => {
      if (!isObject(answer) || answer.token !== token) return;
      child?.off("message", onAnswer);
      resolve(answer);
    };
    child?.on("message", onAnswer);
    child?.send({ ...message, token });
    return promise;
  };
  const close = async (): Promise<void> => {
    await stop();
    await client.endAsync(true);
    await broker.close();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: broker.url,
    client,
    control: async (message) => {
      await tell(message);
    },
    truth: async (device) => (await tell({ ask: device })) as DeviceTruth,
    request: async (topic, message) => {
      await client.publishAsync(`zigbee2mqtt/bridge/request/${topic}`, JSON.stringify(message), {
        qos: 1,
      });
    },
    stop,
    start,
    close,
  };
};

const DEVICES_AT_HOME = 9;
