import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { FUNCTION_NICE } from "#local/lambda/process-priority.ts";
import { startTestLambda, type TestFunction, type TestLambda } from "./test-lambda.ts";

// Answers when the test has written the file that it waits for: no call ends before all have begun.
const GATED = `
import { existsSync, appendFileSync } from "node:fs";
export const handler = async ({ gate }) => {
  appendFileSync("begun", "x");
  while (!existsSync(gate)) await new Promise((resolve) => { setTimeout(resolve, 5); });
  return process.pid;
};`;
const PID = "export const handler = async () => process.pid;";
const COUNTING = "let n = 0; export const handler = async () => (n += 1);";

let house: TestLambda | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

const start = async (
  functions: Record<string, TestFunction>,
  options: Parameters<typeof startTestLambda>[1] = {},
): Promise<TestLambda> => {
  house = await startTestLambda(functions, options);
  return house;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie waits for its parent to ask; it does nothing any more.
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !readFileSync(stat, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

/** Waits until so many calls have begun. */
const begun = async ({ directory }: TestLambda, name: string, calls: number): Promise<void> => {
  const file = join(directory, name, "begun");
  await expect
    .poll(() => (existsSync(file) ? readFileSync(file, "utf8").length : 0), { timeout: 15_000 })
    .toBe(calls);
};

const openGate = ({ directory }: TestLambda): void => {
  writeFileSync(join(directory, "gate"), "");
};

describe("one process for one call at a time", () => {
  test("goes behind the house where both want a core", async () => {
    const { invoke } = await start({ pid: PID });
    const pid = (await invoke("pid")).payload as number;
    expect(getPriority(pid) - getPriority()).toBe(FUNCTION_NICE);
    // Where Linux gives sessions equal shares, the value above counts within the process's own only.
    const session = `/proc/${pid}/autogroup`;
    if (!existsSync(session)) return;
    await expect
      .poll(() => readFileSync(session, "utf8"), { timeout: 10_000 })
      .toMatch(/ nice 7$/m);
  });

  test("calls one after the other share a process and its memory", async () => {
    const { invoke } = await start({ counting: COUNTING });

    const results = [await invoke("counting"), await invoke("counting"), await invoke("counting")];

    expect(results.map(({ payload }) => payload)).toEqual([1, 2, 3]);
  });

  test("node:http comes without the library of its WebSockets; the global one is there", async () => {
    const code = `
      import { request } from "node:http";
      export const handler = async () => [
        typeof request,
        process.moduleLoadList.some((one) => one.includes("undici")),
        typeof WebSocket,
      ];`;
    const { invoke } = await start({ asking: code });

    const { payload } = await invoke("asking");

    expect(payload).toEqual(["function", false, "function"]);
  });

  test.skipIf(!existsSync("/proc/self/statm"))(
    "a process that nobody calls gives back what it needed, and answers as before",
    async () => {
      const code = `
        let n = 0;
        export const handler = async () => {
          const lines = Array.from({ length: 400_000 }, (_, at) => ({ at: String(at) }));
          n += 1;
          return { pid: process.pid, n, lines: lines.length };
        };`;
      const { invoke } = await start({ busy: { code, memorySizeMb: 512 } }, { restMs: 200 });
      const { payload } = await invoke("busy");
      const { pid } = payload as { pid: number };
      const pages = () => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
      const busy = pages();

      await expect.poll(() => busy - pages(), { timeout: 10_000 }).toBeGreaterThan(2560);

      expect((await invoke("busy")).payload).toEqual({ pid, n: 2, lines: 400_000 });
    },
  );

  test("calls at once each have their own", async () => {
    const running = await start({ gated: GATED });
    const gate = join(running.directory, "gate");

    const calls = [0, 1, 2, 3].map(() => running.invoke("gated", { gate }));
    await begun(running, "gated", 4);
    openGate(running);

    const pids = (await Promise.all(calls)).map(({ payload }) => payload);
    expect(new Set(pids).size).toBe(4);
  });

  // REQ: own-process
  test("functions do not share a process", async () => {
    const { invoke } = await start({ one: PID, two: PID });

    const [one, two] = await Promise.all([invoke("one"), invoke("two")]);

    expect(one.payload).not.toBe(two.payload);
  });

  test("a call that waits for a new process takes one that gets free earlier", async () => {
    const running = await start({
      fast: `await new Promise((resolve) => { setTimeout(resolve, 300); }); ${COUNTING}`,
    });
    await running.invoke("fast");

    const results = await Promise.all([running.invoke("fast"), running.invoke("fast")]);

    expect(results.map(({ payload }) => payload).sort()).toEqual([2, 3]);
  });
});

describe("limits", () => {
  test("as many calls at once as the function has reserved, and then TooManyRequests", async () => {
    const running = await start({ gated: { code: GATED, reservedConcurrency: 2 } });
    const gate = join(running.directory, "gate");
    const calls = [0, 1].map(() => running.invoke("gated", { gate }));
    await begun(running, "gated", 2);

    await expect(running.invoke("gated", { gate })).rejects.toMatchObject({
      name: "TooManyRequestsException",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      $metadata: { httpStatusCode: 429 },
    });
    openGate(running);

    await Promise.all(calls);
    expect((await running.invoke("gated", { gate })).status).toBe(200);
  });

  test("as many processes as there may be: an idle one of another function makes room, a busy one does not", async () => {
    const running = await start({ idle: PID, gated: GATED }, { maxEnvironments: 2 });
    const gate = join(running.directory, "gate");
    const { payload: idle } = await running.invoke("idle");

    const calls = [0, 1].map(() => running.invoke("gated", { gate }));
    await begun(running, "gated", 2);
    await expect(running.invoke("idle")).rejects.toMatchObject({
      name: "TooManyRequestsException",
      Reason: "ConcurrentInvocationLimitExceeded",
    });
    openGate(running);

    expect(new Set((await Promise.all(calls)).map(({ payload }) => payload)).size).toBe(2);
    await expect.poll(() => isAlive(idle as number)).toBe(false);
  });

  test("an event waits until there is room", async () => {
    const running = await start({ gated: { code: GATED, reservedConcurrency: 1 } });
    const gate = join(running.directory, "gate");
    const call = running.invoke("gated", { gate });
    await begun(running, "gated", 1);

    const { status } = await running.invoke("gated", { gate }, { InvocationType: "Event" });
    openGate(running);
    await call;

    expect(status).toBe(202);
    await expect
      .poll(() => readFileSync(join(running.directory, "gated", "begun"), "utf8"))
      .toBe("xx");
  });
});

describe("ends", () => {
  test("an unused process is ended after a while, and replaced when it is needed", async () => {
    const { invoke } = await start({ pid: PID }, { idleMs: 50 });
    const { payload: first } = await invoke("pid");

    await expect.poll(() => isAlive(first as number)).toBe(false);

    expect((await invoke("pid")).payload).not.toBe(first);
  });

  test("a process that rests after many calls is begun anew", async () => {
    const { invoke } = await start({ pid: PID }, { restMs: 50, idleMs: 10_000 });
    const pids = new Set<unknown>();
    for (let call = 0; call < 100; call += 1) pids.add((await invoke("pid")).payload);
    const [worn] = pids;

    await expect.poll(() => isAlive(worn as number), { timeout: 10_000 }).toBe(false);

    expect(pids.size).toBe(1);
    expect((await invoke("pid")).payload).not.toBe(worn);
  });

  test("close ends every process, also one that does not listen, and is done in time", async () => {
    const running = await start({
      pid: PID,
      looping: `import { writeFileSync } from "node:fs"; export const handler = async () => { writeFileSync("pid", String(process.pid)); for (;;); };`,
    });
    const { payload: idle } = await running.invoke("pid");
    const call = running.invoke("looping").catch((error: unknown) => error);
    const file = join(running.directory, "looping", "pid");
    await expect.poll(() => existsSync(file) && readFileSync(file, "utf8") !== "").toBe(true);
    const looping = Number(readFileSync(file, "utf8"));

    await running.lambda.close();
    await running.lambda.close();

    expect(isAlive(idle as number)).toBe(false);
    expect(isAlive(looping)).toBe(false);
    await call;
    await expect(running.invoke("pid")).rejects.toMatchObject({ name: "ServiceException" });
  });

  test("kill -9 of the stack ends every process: the idle one, the one in a loop, and what that one started", async () => {
    const directory = mkdtempSync(join(tmpdir(), "lambda-killed-"));
    const file = join(directory, "pids");
    const script = fileURLToPath(new URL("./lambda-process.ts", import.meta.url));
    const stack = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface({ input: stack.stdout }), "line")) as [string];
    const { idle, directory: theirs } = JSON.parse(line) as { idle: number; directory: string };
    await expect
      .poll(() => existsSync(file) && readFileSync(file, "utf8") !== "", { timeout: 15_000 })
      .toBe(true);
    const pids = [idle, ...(JSON.parse(readFileSync(file, "utf8")) as number[])];
    expect(pids.map(isAlive)).toEqual([true, true, true]);

    stack.kill("SIGKILL");

    await expect.poll(() => pids.map(isAlive)).toEqual([false, false, false]);
    rmSync(directory, { recursive: true });
    rmSync(theirs, { recursive: true });
  });
});

test("a function whose role does not trust Lambda keeps the stack from starting, by name", async () => {
  const refused = startTestLambda({
    tools: { code: PID, roleArn: "arn:aws:iam::000000000000:role/Nobody" },
  });

  await expect(refused).rejects.toMatchObject({
    code: "StartFailed",
    message:
      "The role defined for the function tools cannot be assumed by Lambda: User: lambda.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/Nobody",
  });
});
