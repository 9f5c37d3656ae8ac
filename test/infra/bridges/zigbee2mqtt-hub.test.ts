import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { expect, onTestFinished, test, vi } from "vitest";
import { zigbee2mqtt } from "#bridges/zigbee2mqtt/zigbee2mqtt.ts";

const NOW = { transitionSeconds: 0, isOver: new AbortController().signal };
const LAMP = "0x1";
const TUYA = "0x2";
const plug = (ieee: string, name: string, cluster: string, access: number) => ({
  ieee_address: ieee,
  network_address: 7,
  friendly_name: name,
  interview_state: "SUCCESSFUL",
  definition: {
    exposes: [
      {
        type: "switch",
        features: [{ type: "binary", name: "state", property: "state", access }],
      },
    ],
  },
  endpoints: { 1: { clusters: { input: [cluster] } } },
});
const RETAINED: Readonly<Record<string, unknown>> = {
  "bridge/devices": [plug(LAMP, "lamp", "genOnOff", 7), plug(TUYA, "tuya", "manuSpecificTuya", 3)],
  "bridge/info": { config: { device_options: { optimistic: false } } },
  "bridge/definitions": { actions: ["raw"] },
  "bridge/state": { state: "online" },
};

interface Broker {
  readonly port: number;
  /** The payloads of each `/set` that arrived. */
  readonly sets: string[];
  publish(topic: string, message: unknown): void;
  die(): Promise<void>;
}

/** A broker that has what a Zigbee2MQTT retains. */
const startBroker = async (port = 0): Promise<Broker> => {
  const aedes = await Aedes.createBroker();
  const sets: string[] = [];
  const sockets = new Set<Socket>();
  const publish = (topic: string, message: unknown, retain = false): void =>
    aedes.publish(
      {
        cmd: "publish",
        qos: 0,
        dup: false,
        retain,
        topic: `zigbee2mqtt/${topic}`,
        payload: Buffer.from(JSON.stringify(message)),
      },
      () => {},
    );
  for (const [topic, message] of Object.entries(RETAINED)) publish(topic, message, true);
  aedes.on("publish", ({ topic, payload }, client) => {
    if (client !== null && topic.endsWith("/set")) sets.push(payload.toString());
  });
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  const own = await portOf(server, port);
  const die = async (): Promise<void> => {
    if (!server.listening) return;
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
  };
  onTestFinished(die);
  return { port: own, sets, publish, die };
};

const startBridge = async (port: number) => {
  const bridge = zigbee2mqtt({ url: `mqtt://127.0.0.1:${port}`, baseTopic: "zigbee2mqtt" });
  onTestFinished(() => bridge.close());
  const hub: boolean[] = [];
  const troubles: string[] = [];
  const ready = bridge.events({
    onHub: (isThere) => hub.push(isThere),
    onDevices: () => {},
    onHint: () => {},
    onReadings: () => {},
    onTrouble: (what) => troubles.push(what),
  });
  return { bridge, hub, troubles, ready };
};

test("a command while the broker is away has failed, and is not sent when it is back", async () => {
  const first = await startBroker();
  const { bridge, hub, ready } = await startBridge(first.port);
  await ready;
  await first.die();
  await vi.waitUntil(() => hub.at(-1) === false);

  const away = await bridge.set(LAMP, { on: false }, NOW);
  const unread = await bridge.read(LAMP, ["on"], NOW.isOver);

  expect(away).toMatchObject({ said: "failed", reason: "UNREACHABLE" });
  expect(unread).toMatchObject({ said: "nothing", reason: "UNREACHABLE" });

  const second = await startBroker(first.port);
  await vi.waitUntil(() => hub.at(-1) === true, { timeout: 4000 });
  const back = await bridge.set(LAMP, { on: true }, NOW);
  await vi.waitUntil(() => second.sets.length > 0);

  expect(back).toEqual({ said: "taken" });
  expect(second.sets).toEqual(['{"state":"ON"}']);
});

test("of what only reports by itself, a report counts that came after it was told", async () => {
  const broker = await startBroker();
  const { bridge, ready } = await startBridge(broker.port);
  await ready;
  broker.publish("tuya", { state: "ON" });
  await vi.waitUntil(async () => {
    const answer = await bridge.read(TUYA, ["on"], NOW.isOver);
    return answer.said === "values";
  });

  await bridge.set(TUYA, { on: true }, NOW);
  const before = await bridge.read(TUYA, ["on"], NOW.isOver);
  await vi.waitUntil(() => broker.sets.length > 0);
  broker.publish("tuya", { state: "ON" });
  await vi.waitUntil(async () => {
    const answer = await bridge.read(TUYA, ["on"], NOW.isOver);
    return answer.said === "values";
  });
  const after = await bridge.read(TUYA, ["on"], NOW.isOver);

  expect(before).toMatchObject({ said: "nothing", reason: "NOT_VERIFIABLE" });
  expect(after).toEqual({ said: "values", values: { on: "ON" } });
});

test("a broker that refuses is told once, with its reason, however often it is tried", async () => {
  let tries = 0;
  const server = createServer((socket) => {
    // CONNACK, 5: not authorized. MQTT 3.1.1, 3.2.2.3.
    socket.once("data", () => {
      tries += 1;
      socket.end(Uint8Array.of(0x20, 2, 0, 5));
    });
  });
  const port = await portOf(server, 0);
  onTestFinished(() => {
    server.close();
  });

  const { troubles } = await startBridge(port);
  await vi.waitUntil(() => tries > 1, { timeout: 4000 });

  expect(troubles).toEqual([
    `the broker at mqtt://127.0.0.1:${port}: Connection refused: Not authorized`,
  ]);
});

const portOf = async (server: Server, port: number): Promise<number> => {
  await once(server.listen(port, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};
