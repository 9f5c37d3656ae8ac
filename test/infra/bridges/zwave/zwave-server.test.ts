import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { connectToServer, type ZwaveServer } from "#bridges/zwave/server/zwave-server.ts";
import { type PlayedServer, playServer, version } from "./a-server.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const connected = (): {
  readonly played: PlayedServer;
  readonly server: ZwaveServer;
  readonly told: unknown[];
} => {
  const played = playServer();
  const told: unknown[] = [];
  const server = connectToServer(
    "ws://hub:3000",
    {
      onState: (state, homeId) => told.push({ state, homeId }),
      onEvent: ({ event }) => told.push({ event }),
      onLost: () => told.push("lost"),
      onTrouble: (trouble) => told.push({ trouble }),
    },
    played.open,
  );
  onTestFinished(() => server.close());
  return { played, server, told };
};

const greeted = async () => {
  const all = connected();
  all.played.say(version(0, 50));
  all.played.answer("set_api_schema", {});
  await vi.advanceTimersByTimeAsync(0);
  all.played.answer("start_listening", { state: { nodes: [] } });
  await vi.advanceTimersByTimeAsync(0);
  return all;
};

test.for([
  [0, 50, 50],
  [0, 44, 44],
  [0, 29, 29],
  [0, 77, 50],
] as const)("with a server of schema %i to %i it speaks %i", ([oldest, newest, spoken]) => {
  const { played } = connected();

  played.say(version(oldest, newest));

  expect(played.received()).toMatchObject([{ command: "set_api_schema", schemaVersion: spoken }]);
});

test("a server that is too old to say how a command ended is told so, and not listened to", () => {
  const { played, told } = connected();

  played.say(version(0, 28));

  expect(played.received()).toEqual([]);
  expect(told[0]).toEqual({
    trouble:
      "zwave-js-server 3.10.2 speaks schema 0 to 28, this bridge 29 to 50: update the older of the two",
  });
});

test("it listens, and what was known before comes first", async () => {
  const { played, told } = await greeted();

  played.say({ type: "event", event: { source: "node", event: "alive", nodeId: 3 } });

  expect(told).toEqual([{ state: { nodes: [] }, homeId: 2119634944 }, { event: "alive" }]);
});

test("what comes in one piece with the state is told after it", async () => {
  const { played, told } = connected();
  played.say(version(0, 50));
  played.answer("set_api_schema", {});
  await vi.advanceTimersByTimeAsync(0);

  played.answer("start_listening", { state: { nodes: [] } });
  played.say({ type: "event", event: { source: "node", event: "dead", nodeId: 3 } });
  await vi.advanceTimersByTimeAsync(0);

  expect(told).toEqual([{ state: { nodes: [] }, homeId: 2119634944 }, { event: "dead" }]);
});

test("an answer that went with the server is told from a command that was never sent", async () => {
  const { played, server, told } = await greeted();

  const answer = server.command("node.ping", { nodeId: 3 });
  played.hangUp();

  expect(await answer).toMatchObject({ ok: false, code: "AnswerLost" });
  expect(await server.command("node.ping", { nodeId: 3 })).toMatchObject({
    ok: false,
    code: "ServerAway",
  });
  expect(told).toContain("lost");
});

test("a server that is away is tried again, and told once", async () => {
  const { played, told } = await greeted();

  played.hangUp();
  await vi.advanceTimersByTimeAsync(200);
  played.hangUp();
  await vi.advanceTimersByTimeAsync(400);

  expect(played.connections()).toBe(3);
  expect(told.slice(1)).toEqual([
    "lost",
    { trouble: "the Z-Wave server at ws://hub:3000 does not answer" },
  ]);
});

test("a server whose stick is not ready is named as that", () => {
  const { played, told } = connected();

  played.hangUp(1013);

  expect(told).toEqual([
    { trouble: "the Z-Wave server at ws://hub:3000 is there, and its stick is not ready" },
  ]);
});

test("what says nothing is no Z-Wave server, and is tried again", async () => {
  const { played } = connected();

  await vi.advanceTimersByTimeAsync(10_200);

  expect(played.connections()).toBe(2);
});

test("a server that is silent for forty seconds is away, though its connection stands", async () => {
  const { played, told } = await greeted();

  await vi.advanceTimersByTimeAsync(30_000);
  played.answer("driver.get_log_config", {});
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).not.toContain("lost");
  await vi.advanceTimersByTimeAsync(10_000);

  expect(told).toContain("lost");
  await vi.advanceTimersByTimeAsync(200);
  expect(played.connections()).toBe(2);
});
