import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Backend,
  commandOf,
  connectBackend,
  eventually,
  type PlainBroker,
  startPlainBroker,
} from "./backend.ts";

const HOUSE = join(import.meta.dirname, "..", "..", "..", "infra", "house");
const MAIN = join(HOUSE, "simulated", "main.ts");

let broker: PlainBroker;
let backend: Backend;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "house-"));
  broker = await startPlainBroker();
  backend = await connectBackend(broker.url);
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    }
  }
  await backend.close();
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

const args = (more: readonly string[] = []): string[] => [
  ...["--mqtt", broker.url],
  ...["--home", join(HOUSE, "demo-home.json")],
  ...["--home-id", "home"],
  ...["--state", join(folder, "house.json")],
  ...more,
];

interface Running {
  readonly child: ChildProcess;
  readonly messages: unknown[];
  out(): string;
  err(): string;
  /** Exit code and signal. */
  readonly exited: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

const watch = (child: ChildProcess): Running => {
  children.push(child);
  let out = "";
  let err = "";
  const messages: unknown[] = [];
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk.toString("utf8");
  });
  child.on("message", (message) => messages.push(message));
  // Not "close", which never comes once the channel has been disconnected from this side.
  const gone = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.on("exit", (code, signal) => resolve([code, signal]));
  });
  const read = [child.stdout, child.stderr]
    .filter((stream) => stream !== null)
    .map((stream) => once(stream, "end"));
  const exited = Promise.all(read).then(() => gone);
  return { child, messages, out: () => out, err: () => err, exited };
};

/** Started as `npm start` does, with a channel to its parent. */
const startForked = (more: readonly string[] = [], all = args(more)): Running =>
  watch(fork(MAIN, all, { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] }));

/** Started as from a shell. */
const startSpawned = (more: readonly string[] = [], all = args(more)): Running =>
  watch(spawn(process.execPath, [MAIN, ...all], { stdio: ["ignore", "pipe", "pipe"] }));

const ready = (running: Running) =>
  eventually(() => running.out() + running.err()).toBe("house ready: 14 devices\n");

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("with a parent", () => {
  test("it says when it is ready, takes faults, and goes in order when it is asked to", async () => {
    const house = startForked(["--faults", "hall_lamp=silent", "--seed", "2"]);
    await ready(house);
    await eventually(() => house.messages).toEqual([{ type: "ready" }]);

    house.child.send({ type: "setFault", device: "kitchen_light", fault: "refuse" });
    house.child.send({ type: "setFault", device: "hall_lamp", fault: null });
    await eventually(() => house.messages.slice(1)).toEqual([
      { type: "faultSet", device: "kitchen_light" },
      { type: "faultSet", device: "hall_lamp" },
    ]);
    await backend.delta("home-kitchen_light", {
      light: { on: false },
      command: commandOf("run_a"),
    });
    await backend.delta("home-hall_lamp", { light: { on: false }, command: commandOf("run_a") });
    await eventually(() => [...backend.answerOrder()].sort()).toEqual([
      "home-hall_lamp run_a.0 SUCCEEDED",
      "home-kitchen_light run_a.0 REJECTED",
    ]);
    house.child.send({ type: "close" });

    expect(await house.exited).toEqual([0, null]);
    expect(house.out() + house.err()).toBe("house ready: 14 devices\n");
    await eventually(() => backend.reports("home-front_door").at(-1)?.online).toBe(false);
    expect(await readFile(join(folder, "house.json"), "utf8")).toContain("run_a.0");
  });

  test("without --mqtt it connects where its parent says, once that is there", async () => {
    const house = startForked([], args().slice(2));

    house.child.send({ type: "connect", mqtt: broker.url });

    await ready(house);
    await eventually(() => backend.reports("home-hall_lamp").at(-1)?.online).toBe(true);
  });

  test("one that was never told where to connect goes when it is asked to", async () => {
    const house = startForked([], args().slice(2));

    house.child.send({ type: "close" });

    expect(await house.exited).toEqual([0, null]);
    expect(house.out() + house.err()).toBe("");
  });

  test("what it does not understand it refuses, and goes on", async () => {
    const house = startForked();
    await ready(house);

    house.child.send({ type: "setFault", device: "hall_lmap", fault: "silent" });
    house.child.send({ type: "setFault", device: "hall_lamp", fault: "sleepy" });
    house.child.send({ type: "dance" });

    await eventually(() => house.messages.slice(1)).toMatchObject([
      { type: "refused", message: expect.stringContaining("hall_lmap") as unknown },
      { type: "refused", message: expect.stringContaining("sleepy") as unknown },
      { type: "refused", message: expect.stringContaining("dance") as unknown },
    ]);
    house.child.send({ type: "close" });
    expect(await house.exited).toEqual([0, null]);
  });

  test("Ctrl-C is its parent's business; the channel's end is its own", async () => {
    const house = startForked();
    await ready(house);

    house.child.kill("SIGINT");
    house.child.send({ type: "setFault", device: "hall_lamp", fault: "silent" });
    await eventually(() => house.messages).toContainEqual({
      type: "faultSet",
      device: "hall_lamp",
    });
    house.child.disconnect();

    expect(await house.exited).toEqual([0, null]);
    await eventually(() => backend.reports("home-front_door").at(-1)?.online).toBe(false);
  });
});

describe("from a shell", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends it in order", async (signal) => {
    const house = startSpawned();
    await ready(house);

    house.child.kill(signal);

    expect(await house.exited).toEqual([0, null]);
    await eventually(() => backend.reports("home-front_door").at(-1)?.online).toBe(false);
    expect(backend.seen("smarthome/home-front_door/last-will")).toEqual([]);
  });

  test("it does not outlive the process that started it", async () => {
    const starter = `
      const { spawn } = require("node:child_process");
      const house = spawn(process.execPath, ${JSON.stringify([MAIN, ...args()])}, { stdio: "ignore" });
      process.stdout.write(String(house.pid));
      setInterval(() => {}, 1000);`;
    const parent = watch(
      spawn(process.execPath, ["-e", starter], { stdio: ["ignore", "pipe", "pipe"] }),
    );
    await eventually(() => broker.connected().length).toBe(15);
    const pid = Number(parent.out());
    expect(isAlive(pid)).toBe(true);

    parent.child.kill("SIGKILL");

    await eventually(() => broker.connected()).toEqual(["backend"]);
    await eventually(() => isAlive(pid)).toBe(false);
  });

  test("killed, it leaves last wills, and starts again where it was", async () => {
    const killed = startSpawned();
    await ready(killed);
    await backend.delta("home-front_door", { lock: { locked: true }, command: commandOf("run_a") });
    await eventually(() => readFile(join(folder, "house.json"), "utf8")).toContain("run_a.0");

    killed.child.kill("SIGKILL");
    await killed.exited;
    await eventually(() => backend.seen("smarthome/home-front_door/last-will")).toHaveLength(1);
    await ready(startSpawned());

    await eventually(() => backend.reports("home-front_door").at(-1)).toEqual({
      lock: { locked: true },
      online: true,
    });
  });

  test("without a broker it waits, and can be ended", async () => {
    await broker.close();
    const house = startSpawned();
    await eventually(() => house.err()).toBe(
      `house: the broker at ${broker.url} is away; trying again\n`,
    );

    house.child.kill("SIGTERM");

    expect(await house.exited).toEqual([0, null]);
    expect(house.out()).toBe("");
  });

  test("without a broker it gives up after ten seconds", async () => {
    await broker.close();
    const house = startSpawned();

    expect(await house.exited).toEqual([1, null]);
    expect(house.err().trimEnd().split("\n").at(-1)).toBe(
      `The broker at ${broker.url} did not take all devices within 10 s. Is it running?`,
    );
  });
});

describe("what cannot be started is one line and exit code 1", () => {
  test.each([
    ["an unknown device", ["--faults", "hall_lmap=silent"], "hall_lmap"],
    ["an unknown fault", ["--faults", "hall_lamp=sleepy"], "sleepy"],
    ["a lamp that is jammed", ["--faults", "hall_lamp=jammed"], "hall_lamp is a light"],
    ["a seed that is no number", ["--seed", "two"], "--seed"],
    ["an unknown option", ["--fautls", "x"], "--fautls"],
  ])("%s", async (_what, more, culprit) => {
    const house = startSpawned(more);

    expect(await house.exited).toEqual([1, null]);
    expect(house.out()).toBe("");
    expect(house.err().trimEnd().split("\n")).toHaveLength(1);
    expect(house.err()).toContain(culprit);
  });

  test("a damaged state file", async () => {
    await writeFile(join(folder, "house.json"), "{");

    const house = startSpawned();

    expect(await house.exited).toEqual([1, null]);
    expect(house.err()).toBe(
      `${join(folder, "house.json")} is damaged. Move it away, and the simulated devices start from their first state.\n`,
    );
  });

  test("a home file that is none", async () => {
    const house = startSpawned(
      [],
      ["--mqtt", broker.url, "--home", join(folder, "no.json"), "--home-id", "home"],
    );

    expect(await house.exited).toEqual([1, null]);
    expect(house.err()).toContain("no.json");
    expect(house.err().trimEnd().split("\n")).toHaveLength(1);
  });

  test("no options", async () => {
    const house = startSpawned([], []);

    expect(await house.exited).toEqual([1, null]);
    expect(house.err()).toMatch(/^Usage: node infra\/house\/simulated\/main.ts --mqtt URL/);
  });
});
