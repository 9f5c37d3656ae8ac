import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestLambda, type TestLambda } from "./test-lambda.ts";

let house: TestLambda;

// Each answers once with its process id, where it can, so that a test sees whether the process was replaced.
const PID = "if (event.pid) return process.pid;";

beforeAll(async () => {
  house = await startTestLambda({
    throwing: `export const handler = async (event) => { ${PID} throw new TypeError("no such lamp"); };`,
    throwingText: `export const handler = async () => { throw "just text"; };`,
    named: `export const handler = async () => { throw Object.assign(new Error("busy"), { name: "DeviceBusy" }); };`,
    exiting: `export const handler = async (event) => { ${PID} process.exit(3); };`,
    exitingWell: `export const handler = async () => process.exit(0);`,
    crashing: `export const handler = async () => process.abort();`,
    rejecting: `export const handler = async (event) => { ${PID} void Promise.reject(new Error("lost")); await new Promise(() => { setInterval(() => {}, 1000); }); };`,
    uncaught: `export const handler = (event) => new Promise(() => { setTimeout(() => { throw new RangeError("later"); }); });`,
    hanging: {
      code: `export const handler = async (event) => { ${PID} console.log("waiting"); await new Promise(() => { setInterval(() => {}, 1000); }); };`,
      timeoutSeconds: 1,
    },
    late: {
      code: `export const handler = async (event) => { ${PID} await new Promise((resolve) => { setTimeout(resolve, 800); }); return "late"; };`,
      timeoutSeconds: 1,
    },
    looping: {
      code: `export const handler = async (event) => { ${PID} for (;;); };`,
      timeoutSeconds: 1,
    },
    waiting: {
      code: `export const handler = async () => new Promise(() => {});`,
      timeoutSeconds: 1,
    },
    slowInit: {
      code: `await new Promise((resolve) => { setTimeout(resolve, 1500); }); export const handler = async () => "ready";`,
      timeoutSeconds: 1,
    },
    large: `export const handler = async (event) => { ${PID} return "x".repeat(6 * 1024 * 1024 + 100); };`,
    justFits: `export const handler = async () => "x".repeat(6 * 1024 * 1024 - 2);`,
    circular: `export const handler = async () => { const a = {}; a.a = a; return a; };`,
    bigint: `export const handler = async () => ({ n: 1n });`,
    nothing: `export const handler = async () => {};`,
    sync: `export const handler = () => 5;`,
    initThrows: `throw new Error("no table");`,
    initExits: `process.exit(1);`,
    noExport: `export const other = 1;`,
    notAFunction: `export const handler = "text";`,
    syntax: `export const handler = async ( => 1;`,
    noModule: `import "./nowhere.mjs"; export const handler = async () => 1;`,
    noFile: { code: "", handler: "elsewhere.handler" },
    badHandler: { code: "", handler: "index" },
    callback: `export const handler = (event, context, callback) => callback(null, 1);`,
    greedy: {
      code: `export const handler = async () => { const all = []; for (;;) all.push(new Array(100_000).fill(Math.random())); };`,
      memorySizeMb: 128,
    },
    child: {
      code: `import { spawn } from "node:child_process"; export const handler = async () => { spawn("sleep", ["60"], { stdio: "inherit" }); process.exit(1); };`,
    },
  });
});
afterAll(async () => {
  await house.close();
});

describe("what a handler throws is told in Lambda's shape", () => {
  test("an error: type, message, trace", async () => {
    const { status, error, payload } = await house.invoke("throwing");

    expect({ status, error }).toEqual({ status: 200, error: "Unhandled" });
    expect(payload).toEqual({
      errorType: "TypeError",
      errorMessage: "no such lamp",
      trace: expect.arrayContaining([
        "TypeError: no such lamp",
        expect.stringMatching(/^ {4}at handler \(file:.*\/throwing\/index\.mjs:1:/) as string,
      ]) as string[],
    });
  });

  test.each([
    ["named", { errorType: "DeviceBusy", errorMessage: "busy" }],
    ["throwingText", { errorType: "string", errorMessage: "just text", trace: [] }],
    ["circular", { errorType: "Error", errorMessage: "Unable to stringify response body" }],
    ["bigint", { errorType: "Error", errorMessage: "Unable to stringify response body" }],
  ])("%s", async (name, expected) => {
    const { error, payload } = await house.invoke(name);

    expect(error).toBe("Unhandled");
    expect(payload).toMatchObject(expected);
  });

  test("the process lives on", async () => {
    const { payload: before } = await house.invoke("throwing", { pid: true });
    await house.invoke("throwing");
    const { payload: after } = await house.invoke("throwing", { pid: true });

    expect(after).toBe(before);
  });
});

describe("a process that ends, or has to be ended", () => {
  test.each([
    [
      "exiting",
      "Runtime.ExitError",
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/,
    ],
    [
      "exitingWell",
      "Runtime.ExitError",
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/,
    ],
    [
      "crashing",
      "Runtime.ExitError",
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: SIGABRT$/,
    ],
    ["rejecting", "Runtime.UnhandledPromiseRejection", /^Error: lost$/],
    ["uncaught", "RangeError", /^later$/],
    [
      "hanging",
      "Sandbox.Timedout",
      /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
    ],
    [
      "looping",
      "Sandbox.Timedout",
      /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
    ],
    ["greedy", "Runtime.ExitError", /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: /],
    [
      "child",
      "Runtime.ExitError",
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1$/,
    ],
  ])("%s answers %s", async (name, errorType, errorMessage) => {
    const { error, payload } = await house.invoke(name);

    expect(error).toBe("Unhandled");
    expect(payload).toMatchObject({
      errorType,
      errorMessage: expect.stringMatching(errorMessage) as string,
    });
  });

  test("a promise that nothing keeps alive ends the process, as it does in AWS's runtime or by the timeout", async () => {
    const { payload } = await house.invoke("waiting");

    expect(payload).toMatchObject({
      errorType: expect.stringMatching(/^(Runtime\.ExitError|Sandbox\.Timedout)$/) as string,
    });
  });

  test.each(["exiting", "rejecting", "hanging", "looping"])(
    "after %s the next call has a new process",
    async (name) => {
      const { payload: before } = await house.invoke(name, { pid: true });
      await house.invoke(name);
      const { payload: after } = await house.invoke(name, { pid: true });

      expect(after).not.toBe(before);
    },
  );

  test("an answer that is read after the time was up does not make the process that is killed ready for the next call", async () => {
    const { payload: before } = await house.invoke("late", { pid: true });
    const call = house.invoke("late");
    await new Promise((resolve) => {
      setTimeout(() => setImmediate(resolve), 500);
    });
    // The house is busy when the answer comes. Between reading and timers, so that its timer is first.
    const busyUntilMs = performance.now() + 1_000;
    while (performance.now() < busyUntilMs);
    const { payload: late } = await call;
    const { error, payload: after } = await house.invoke("late", { pid: true });

    expect(late).toMatchObject({ errorType: "Sandbox.Timedout" });
    expect(error).toBeUndefined();
    expect(after).not.toBe(before);
  });

  test("the log says that the time was up", async () => {
    const { log } = await house.invoke("hanging", {}, { LogType: "Tail" });

    expect(log).toMatch(/INFO\twaiting\n.*Task timed out after 1\.00 seconds.*REPORT RequestId/s);
  });
});

describe("a function that cannot start answers each call with the reason", () => {
  test.each([
    ["initThrows", "Error", /^no table$/],
    [
      "initExits",
      "Runtime.ExitError",
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1$/,
    ],
    ["noExport", "Runtime.HandlerNotFound", /^index\.handler is undefined or not exported$/],
    ["notAFunction", "Runtime.HandlerNotFound", /^index\.handler is not a function$/],
    ["syntax", "Runtime.UserCodeSyntaxError", /^SyntaxError: /],
    ["noModule", "Runtime.ImportModuleError", /^Error: Cannot find module .*nowhere\.mjs/],
    ["noFile", "Runtime.ImportModuleError", /^Error: Cannot find module 'elsewhere'/],
    ["badHandler", "Runtime.MalformedHandlerName", /^Bad handler$/],
    [
      "callback",
      "Runtime.CallbackHandlerDeprecated",
      /has removed support for callback-based function handlers/,
    ],
  ])("%s: %s", async (name, errorType, errorMessage) => {
    const answers = await Promise.all([house.invoke(name), house.invoke(name)]);

    for (const { error, payload } of answers) {
      expect(error).toBe("Unhandled");
      expect(payload).toMatchObject({
        errorType,
        errorMessage: expect.stringMatching(errorMessage) as string,
      });
    }
  });

  test("an init longer than the function's time is not counted as its time", async () => {
    const { error, payload } = await house.invoke("slowInit");

    expect({ error, payload }).toEqual({ error: undefined, payload: "ready" });
  });
});

describe("results", () => {
  test("one over 6 MB is an error, and the process lives on", async () => {
    const { payload: before } = await house.invoke("large", { pid: true });

    const { error, payload } = await house.invoke("large");

    expect(error).toBe("Unhandled");
    expect(payload).toEqual({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    });
    expect((await house.invoke("large", { pid: true })).payload).toBe(before);
  });

  test("one of exactly 6 MB comes through", async () => {
    const { error, payload } = await house.invoke("justFits");

    expect(error).toBeUndefined();
    expect(payload).toHaveLength(6 * 1024 * 1024 - 2);
  });

  test("nothing is null, and a handler need not be async", async () => {
    expect((await house.invoke("nothing")).payload).toBeNull();
    expect((await house.invoke("sync")).payload).toBe(5);
  });
});
