// What a person starts is npm; the house is a child of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { readEndpoints } from "../../scripts/command/endpoints.ts";
import { ROOT, runScript } from "../support/command.ts";
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

const freshDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "house-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(inject("assembly"), join(directory, "cdk.out"), { recursive: true });
  return directory;
};

/** A line that a person's shell starts in a process group of its own. */
const startLine = async (line: string, data: string) => {
  const broker = await startProjectBroker();
  onTestFinished(() => broker?.close());
  const mqtt = broker === undefined ? ["--mqtt-port", "0"] : ["--mqtt-broker", broker.url];
  const options = ["--quiet", "--data", data, ...PORTS, ...mqtt].join(" ");
  const child = spawn("sh", ["-c", line.replace("OPTIONS", options)], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  onTestFinished(() => {
    // The house's own end is what is tested; this is for where it did not come.
    const pid = readEndpoints(data)?.pid;
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  await expect.poll(() => output, { timeout: 40_000 }).toContain("The house stays up");
  const house = readEndpoints(data)?.pid ?? 0;
  return { pid: child.pid ?? 0, child, house, output: () => output, closed };
};

// REQ: ends-in-five-seconds
test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"] as const)(
  "a %s to npm alone ends the house in order, its devices and its functions",
  async (signal) => {
    const data = freshDirectory();
    const npm = await startLine("exec npm start -- OPTIONS", data);
    const scene = await runScript("scene.ts", ["goodnight", "--data", data]);
    expect(scene.code, scene.output).toBe(0);
    const all = [npm.pid, npm.house, ...childrenOf(npm.house)];
    // The devices, the watchdog and at least one function.
    expect(all.length).toBeGreaterThanOrEqual(5);

    process.kill(npm.pid, signal);

    await expect.poll(() => all.filter(isAlive), { timeout: 5_000 }).toEqual([]);
    expect(readEndpoints(data)).toBeUndefined();
    await npm.closed;
    expect(npm.output()).not.toMatch(/^ +at /m);
  },
);

test("a house whose output nobody reads any more still ends in order", async () => {
  const data = freshDirectory();
  const npm = await startLine("exec npm start -- OPTIONS", data);

  npm.child.stdout.destroy();
  npm.child.stderr.destroy();
  process.kill(npm.pid, "SIGKILL");

  await expect.poll(() => isAlive(npm.house), { timeout: 5_000 }).toBe(false);
  expect(readEndpoints(data)).toBeUndefined();
});

test("a house that a shell started in the background stays when the shell is gone", async () => {
  const data = freshDirectory();
  const shell = await startLine("npm start -- OPTIONS & wait", data);
  const [npm = 0] = childrenOf(shell.pid);

  process.kill(shell.pid, "SIGKILL");

  // Its parent is looked at twice a second: three looks on, it is there and answers.
  await expect.poll(() => isAlive(shell.pid)).toBe(false);
  const scene = await runScript("scene.ts", ["movie_night", "--data", data]);
  expect(scene.code, scene.output).toBe(0);
  const again = await runScript("scene.ts", ["goodnight", "--data", data]);
  expect(again.code, again.output).toBe(0);
  process.kill(npm, "SIGTERM");
  await expect.poll(() => isAlive(shell.house), { timeout: 5_000 }).toBe(false);
});

test("a house that node itself runs does not look at who started it", async () => {
  const data = freshDirectory();
  const shell = await startLine(`${process.execPath} scripts/start.ts OPTIONS & wait`, data);

  process.kill(shell.pid, "SIGKILL");

  await expect.poll(() => isAlive(shell.pid)).toBe(false);
  const scene = await runScript("scene.ts", ["goodnight", "--data", data]);
  expect(scene.code, scene.output).toBe(0);
  process.kill(shell.house, "SIGTERM");
  await expect.poll(() => isAlive(shell.house), { timeout: 5_000 }).toBe(false);
});
