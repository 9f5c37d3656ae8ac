import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { readEndpoints } from "../../scripts/command/endpoints.ts";
import { ROOT } from "../support/command.ts";
import type { Mosquitto } from "../support/mosquitto.ts";
import { childrenOf, isAlive } from "../support/processes.ts";
import { startProjectBroker } from "../support/project-broker.ts";

const PORTS = [
  "--gateway-port",
  "0",
  "--cognito-port",
  "0",
  "--aws-port",
  "0",
  "--console-port",
  "0",
];

// Where a house of this project finds its broker; on mosquitto each has one of its own.
const brokers: Mosquitto[] = [];
afterAll(async () => {
  for (const broker of brokers) await broker.close();
});
const mqtt = async (): Promise<readonly string[]> => {
  const broker = await startProjectBroker();
  if (broker === undefined) return ["--mqtt-port", "0"];
  brokers.push(broker);
  return ["--mqtt-broker", broker.url];
};
const ports = async (): Promise<readonly string[]> => [...PORTS, ...(await mqtt())];

// A test that fails leaves its house to be ended here.
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
const emptyDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "house-"));
  directories.push(directory);
  return directory;
};
// With the template that the set-up made, so that only the first test pays for making one.
const freshDirectory = (): string => {
  const directory = emptyDirectory();
  cpSync(inject("assembly"), join(directory, "cdk.out"), { recursive: true });
  return directory;
};

interface Command {
  readonly output: () => string;
  readonly exitCode: Promise<number | null>;
  printed(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const run = (
  script: string,
  args: readonly string[],
  { stderr = "read" }: { readonly stderr?: "read" | "closed" } = {},
): Command => {
  const child = spawn(process.execPath, [join(ROOT, "scripts", script), ...args], { cwd: ROOT });
  if (stderr === "closed") child.stderr.destroy();
  running.add(child);
  child.once("exit", () => running.delete(child));
  let output = "";
  const listen = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  return {
    output: () => output,
    exitCode: once(child, "exit").then(([code]) => code as number | null),
    printed: (text) => expect.poll(() => output, { timeout: 40_000 }).toContain(text),
    kill: (signal) => void child.kill(signal),
  };
};

// REQ: state-survives
test("--once in an empty folder runs goodnight, shows every device, exits 0; again on the same folder it reuses the state", async () => {
  const options = ["--data", relative(ROOT, emptyDirectory()), ...(await ports())];

  const first = run("start.ts", ["--once", ...options]);
  expect(await first.exitCode, first.output()).toBe(0);
  const second = run("start.ts", ["--once", ...options]);
  expect(await second.exitCode, second.output()).toBe(0);

  expect(first.output()).toContain("The house is up");
  expect(first.output()).toMatch(/✓ Front door +locked +(confirmed|already there)/);
  expect(first.output()).toMatch(/14 of 14 confirmed · done · run_[0-9a-z]{20}/);
  expect(second.output()).toContain("all 14 devices confirmed (14 already were)");
});

// REQ: exit-code
test("--once exits 1 when a device did not do as asked", async () => {
  const started = run("start.ts", [
    ...["--once", "--data", freshDirectory(), "--faults", "front_door=refuse"],
    ...(await ports()),
  ]);

  expect(await started.exitCode).toBe(1);
  expect(started.output()).toMatch(/✗ Front door +locked +refused/);
});

// REQ: endpoints-file
// REQ: ends-in-five-seconds
test("it prints where the console is; endpoints.json tells where the house is, to its owner alone; npm run scene uses it; Ctrl-C ends everything within five seconds", async () => {
  const data = freshDirectory();
  const house = run("start.ts", ["--data", data, ...(await ports())]);
  await house.printed("The house stays up");

  const file = join(data, "endpoints.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const endpoints = readEndpoints(data);
  expect(house.output()).toMatch(/^See it: http:\/\/localhost:\d+\/$/m);
  expect(house.output()).toContain(`See it: ${endpoints?.console.url ?? ""}/\n`);
  expect(endpoints?.gateway.url).toMatch(/^http:\/\/localhost:\d+\/mcp$/);
  expect(Object.keys(endpoints?.cognito.clients ?? {})).toEqual([
    "machine",
    "claudeWeb",
    "local",
    "console",
  ]);

  const scene = run("scene.ts", ["movie night", "--data", data, "--json"]);
  expect(await scene.exitCode, scene.output()).toBe(0);
  expect(JSON.parse(scene.output())).toMatchObject({ scene: "movie_night", result: "done" });
  const { run_id } = JSON.parse(scene.output()) as { run_id: string };
  const audit = run("audit.ts", [run_id, "--data", data]);
  expect(await audit.exitCode).toBe(0);
  expect(audit.output()).toContain("movie_night");

  const pid = endpoints?.pid ?? 0;
  const children = childrenOf(pid);
  expect(children.length).toBeGreaterThan(0);
  const interruptedAtMs = Date.now();
  house.kill("SIGINT");
  expect(await house.exitCode).toBe(0);

  expect(Date.now() - interruptedAtMs).toBeLessThan(5_000);
  expect(children.filter(isAlive)).toEqual([]);
  expect(readEndpoints(data)).toBeUndefined();
});

// REQ: state-survives
test("a house that is killed leaves no process behind, and the next one starts on its folder", async () => {
  const data = freshDirectory();
  const options = ["--data", data, ...(await ports())];
  const house = run("start.ts", ["--quiet", ...options]);
  await house.printed("The house stays up");
  await run("scene.ts", ["goodnight", "--data", data]).exitCode;
  const children = childrenOf(readEndpoints(data)?.pid ?? 0);

  house.kill("SIGKILL");
  await house.exitCode;

  await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  const next = run("start.ts", ["--once", ...options]);
  expect(await next.exitCode, next.output()).toBe(0);
  expect(next.output()).toContain("(14 already were)");
});

// REQ: start-refused-in-one-line
test("a port in use is one line that names it and the option", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const { port } = blocker.address() as { port: number };

  const started = run("start.ts", [
    ...["--once", "--data", freshDirectory(), ...(await ports())],
    ...["--gateway-port", String(port)],
  ]);

  expect(await started.exitCode).toBe(2);
  expect(started.output().trim().split("\n").at(-1)).toBe(
    `Port ${port} (the gateway) is in use. Stop what uses it, or choose another with --gateway-port PORT.`,
  );
  blocker.close();
});

// REQ: start-refused-in-one-line
// REQ: other-broker
test("a broker that does not answer is one line that names it and the option, and nothing is written", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as { port: number };
  closed.close();
  await once(closed, "close");
  const data = join(emptyDirectory(), "house");

  const started = run("start.ts", [
    ...["--once", "--data", data, ...PORTS],
    ...["--mqtt-broker", `mqtt://127.0.0.1:${port}`],
  ]);

  expect(await started.exitCode).toBe(2);
  expect(started.output()).toBe(
    `No MQTT broker takes a connection at mqtt://127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port}). Start one there, or leave --mqtt-broker out: the house then has its own.\n`,
  );
  expect(existsSync(data)).toBe(false);
});

// REQ: start-refused-in-one-line
test("a second house on the same folder is refused in one line, and the first goes on", async () => {
  const data = freshDirectory();
  const house = run("start.ts", ["--quiet", "--data", data, ...(await ports())]);
  await house.printed("The house stays up");

  const second = run("start.ts", ["--once", "--data", data, ...(await ports())]);

  expect(await second.exitCode).toBe(2);
  expect(second.output().trim().split("\n").at(-1)).toMatch(
    /^A house is already running on \S+ \(process \d+\)\. Stop it, or choose another folder with --data DIR\.$/,
  );
  const scene = run("scene.ts", ["goodnight", "--data", data]);
  expect(await scene.exitCode).toBe(0);
  house.kill("SIGTERM");
  await house.exitCode;
});

// REQ: start-refused-in-one-line
describe("a folder whose files were damaged", () => {
  // One house that ran and stopped; each test damages a copy of its folder.
  let sound: string;
  beforeAll(async () => {
    sound = freshDirectory();
    const house = run("start.ts", ["--once", "--data", sound, ...(await ports())]);
    expect(await house.exitCode, house.output()).toBe(0);
  });

  test.each(["dynamodb.sqlite", "iot.sqlite", "cognito.sqlite", "master-secret", "house.json"])(
    "a damaged %s is one line that names the file and what to do, and stays as it is",
    async (file) => {
      const data = emptyDirectory();
      cpSync(sound, data, { recursive: true });
      const damaged = join(data, file);
      writeFileSync(damaged, "this is not what it should be ".repeat(400));
      rmSync(`${damaged}-wal`, { force: true });
      rmSync(`${damaged}-shm`, { force: true });

      const started = run("start.ts", ["--once", "--data", data, ...(await ports())]);

      expect(await started.exitCode, started.output()).toBe(2);
      expect(started.output().trim().split("\n").at(-1)).toContain(damaged);
      expect(started.output()).not.toMatch(/^ +at /m);
      expect(readFileSync(damaged, "utf8")).toContain("this is not what it should be");
    },
  );
});

test.each<[string, string, readonly string[], string]>([
  ["a port that is none", "start.ts", ["--gateway-port", "99999"], "--gateway-port"],
  ["the port of --lan without --lan", "start.ts", ["--mqtt-tls-port", "8883"], "--lan"],
  [
    "--lan on somebody else's broker",
    "start.ts",
    ["--lan", "--mqtt-broker", "mqtt://127.0.0.1:1"],
    "--mqtt-broker",
  ],
  ["an option that is not known", "start.ts", ["--onec"], "--onec"],
  ["a port that is none", "start.ts", ["--console-port", "x"], "--console-port must be a port"],
  ["a fault of no device", "start.ts", ["--once", "--faults", "hal_lamp=silent"], "hall_lamp"],
  ["a fault that is not known", "start.ts", ["--once", "--faults", "hall_lamp=sleepy"], "sleepy"],
  ["a broker that is none", "start.ts", ["--mqtt-broker", "1884"], "--mqtt-broker must be"],
  ["a broker elsewhere", "start.ts", ["--mqtt-broker", "mqtt://192.0.2.1"], "on this machine"],
  ["a broker's password", "start.ts", ["--mqtt-broker", "mqtt://me:pw@localhost"], "no password"],
  [
    "a broker beside a port for the embedded one",
    "start.ts",
    ["--mqtt-broker", "mqtt://localhost", "--mqtt-port", "1884"],
    "--mqtt-port",
  ],
  ["a scene without a house", "scene.ts", ["goodnight"], "npm start"],
  ["no scene", "scene.ts", [], "npm run scene -- goodnight"],
  ["an audit without a house", "audit.ts", ["runs"], "npm start"],
])("%s is told in plain words, and the exit code is 2", async (_, script, args, told) => {
  const data = ["--data", freshDirectory()];
  const options = args.includes("--faults") ? await ports() : [];

  const command = run(script, [...args, ...data, ...options]);

  expect(await command.exitCode, command.output()).toBe(2);
  expect(command.output()).toContain(told);
  expect(command.output()).not.toMatch(/^ +at /m);
});

test("a command whose errors nobody reads ends with the exit code that it has", async () => {
  const directory = emptyDirectory();
  const unread = run("audit.ts", ["runs", "--data", directory], { stderr: "closed" });

  expect(await unread.exitCode).toBe(2);
});
