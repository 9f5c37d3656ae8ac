import { expect, onTestFinished, test, vi } from "vitest";
import { type ZwaveBridge, zwaveBridge } from "#bridges/zwave/zwave-bridge.ts";
import { type PlayedServer, playServer, version } from "./a-server.ts";

const LAMP = "7e571000-3";
const VALVE = "7e571000-14";
const NOW = { transitionSeconds: 0, isOver: new AbortController().signal };

const level = (value: number) => [
  { commandClass: 38, endpoint: 0, property: "currentValue", value, metadata: {} },
  {
    commandClass: 38,
    endpoint: 0,
    property: "targetValue",
    value,
    metadata: { valueChangeOptions: ["transitionDuration"] },
  },
];
const NODES = [
  { nodeId: 1, isControllerNode: true, status: 4, ready: true },
  {
    nodeId: 3,
    name: "Sofa lamp",
    status: 4,
    ready: true,
    isListening: true,
    endpoints: [{ index: 0 }],
    values: level(40),
  },
  {
    nodeId: 14,
    status: 1,
    ready: true,
    isListening: false,
    isFrequentListening: false,
    endpoints: [{ index: 0 }],
    values: [
      {
        commandClass: 67,
        endpoint: 0,
        property: "setpoint",
        propertyKey: 1,
        value: 20,
        metadata: { unit: "°C" },
      },
    ],
  },
];

const start = async (
  controller: object = { status: 0 },
): Promise<{
  readonly bridge: ZwaveBridge;
  readonly played: PlayedServer;
  readonly told: unknown[];
}> => {
  const played = playServer();
  const bridge = zwaveBridge("ws://hub:3000", played.open);
  onTestFinished(() => bridge.close());
  const told: unknown[] = [];
  const ready = bridge.events({
    onHub: (isThere) => told.push({ hub: isThere }),
    onDevices: () => told.push("devices"),
    onHint: (address) => told.push({ hint: address }),
    onReadings: (address, readings) => told.push({ address, readings }),
    onTrouble: (trouble) => told.push({ trouble }),
  });
  played.say(version(0, 50));
  played.answer("set_api_schema", {});
  await expect.poll(() => played.received().length).toBe(2);
  played.answer("start_listening", { state: { controller, nodes: NODES } });
  await ready;
  return { bridge, played, told };
};
const sent = (played: PlayedServer) =>
  played.received().filter(({ command }) => String(command).includes("."));
const updated = (played: PlayedServer, newValue: number, prevValue: number) =>
  played.say({
    type: "event",
    event: {
      source: "node",
      event: "value updated",
      nodeId: 3,
      args: { commandClass: 38, endpoint: 0, property: "currentValue", newValue, prevValue },
    },
  });

test("a fade is asked of the device in whole seconds", async () => {
  const { bridge, played } = await start();

  const setting = bridge.set(LAMP, { on: true, brightness: 100 }, { ...NOW, transitionSeconds: 2 });
  await expect.poll(() => sent(played)).toHaveLength(1);
  played.answer("node.set_value", { result: { status: 255 } });

  expect(await setting).toEqual({ said: "done" });
  expect(sent(played)).toMatchObject([
    {
      nodeId: 3,
      valueId: { commandClass: 38, property: "targetValue", endpoint: 0 },
      value: 99,
      options: { transitionDuration: "2s" },
    },
  ]);
});

test.for([
  [255, { said: "done" }],
  [1, { said: "taken" }],
  [254, { said: "taken" }],
  [2, { said: "failed", reason: "DEVICE_REFUSED" }],
  [5, { said: "failed", reason: "DEVICE_REFUSED" }],
] as const)("status %i", async ([status, answer]) => {
  const { bridge, played } = await start();

  const setting = bridge.set(LAMP, { on: false }, NOW);
  await expect.poll(() => sent(played)).toHaveLength(1);
  played.answer("node.set_value", { result: { status } });

  expect(await setting).toMatchObject(answer);
});

test("a command whose answer was lost with the server may have been done: it is read", async () => {
  const { bridge, played } = await start();

  const setting = bridge.set(LAMP, { on: false }, NOW);
  await expect.poll(() => sent(played)).toHaveLength(1);
  played.hangUp();

  expect(await setting).toEqual({ said: "taken" });
});

// REQ: zwave-asleep
test("nothing is sent to a node that sleeps, nor while the radio is jammed", async () => {
  const asleep = await start();
  const jammed = await start({ status: 2 });

  const answers = [
    await asleep.bridge.set(VALVE, { mode: "heat", targetC: 21 }, NOW),
    await jammed.bridge.set(LAMP, { on: false }, NOW),
  ];
  const reads = [
    await asleep.bridge.read(VALVE, ["targetC"], NOW.isOver),
    await jammed.bridge.read(LAMP, ["on"], NOW.isOver),
  ];

  expect(answers.map((answer) => "reason" in answer && answer.reason)).toEqual([
    "UNREACHABLE",
    "UNREACHABLE",
  ]);
  expect(reads.map(({ said }) => said)).toEqual(["nothing", "nothing"]);
  expect([...sent(asleep.played), ...sent(jammed.played)]).toEqual([]);
  expect(jammed.bridge.discover().map(({ isOnline }) => isOnline)).toEqual([false, false]);
  expect(jammed.bridge.inTheWay()).toEqual(["the Z-Wave stick cannot send: its radio is jammed"]);
});

test("a dead node is offline, and is pinged now and then until it is alive", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { bridge, played } = await start();
  const tell = (event: string): void =>
    played.say({ type: "event", event: { source: "node", event, nodeId: 3 } });

  tell("dead");
  vi.advanceTimersByTime(60_000);
  const pings = sent(played);
  const isOnline = bridge.discover().map((one) => one.isOnline);
  tell("alive");
  vi.advanceTimersByTime(60_000);

  expect(isOnline).toEqual([false, true]);
  expect(pings).toMatchObject([
    { command: "node.ping", nodeId: 3 },
    { command: "node.ping", nodeId: 3 },
  ]);
  expect(sent(played)).toHaveLength(2);
  expect(bridge.discover().map((one) => one.isOnline)).toEqual([true, true]);
});

test("what the driver repeats of a read is no news, and what it tells anew is a reason to look", async () => {
  const { bridge, played, told } = await start();
  const reading = bridge.read(LAMP, ["on", "brightness"], NOW.isOver);
  await expect.poll(() => sent(played)).toHaveLength(1);
  played.answer("endpoint.invoke_cc_api", { response: { currentValue: 70 } });
  await reading;
  told.length = 0;

  updated(played, 70, 40);
  updated(played, 70, 70);
  expect(told).toEqual([]);
  updated(played, 12, 70);

  expect(told).toEqual([{ hint: LAMP }]);
});

test("what the driver hopes of a command is no reason to look, and a hand at the switch is", async () => {
  const { bridge, played, told } = await start();
  const setting = bridge.set(LAMP, { on: true, brightness: 70 }, NOW);
  await expect.poll(() => sent(played)).toHaveLength(1);
  told.length = 0;

  updated(played, 69, 40);
  played.answer("node.set_value", { result: { status: 254 } });
  await setting;
  expect(told).toEqual([]);
  updated(played, 12, 69);

  expect(told).toEqual([{ hint: LAMP }]);
});

test("a read that nobody waits for any more ends", async () => {
  const { bridge } = await start();
  const over = new AbortController();

  const reading = bridge.read(LAMP, ["on"], over.signal);
  over.abort();

  expect(await reading).toMatchObject({ said: "nothing", reason: "UNREACHABLE" });
});

test("another network's node of the same number is another device", async () => {
  const { bridge } = await start();

  expect(await bridge.set("0badcafe-3", { on: false }, NOW)).toMatchObject({
    said: "failed",
    reason: "UNREACHABLE",
  });
});
