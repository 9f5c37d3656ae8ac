import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Environment, EnvironmentEvents } from "#local/lambda/environment.ts";
import type { FunctionDescription, InvocationResult } from "#local/lambda/function-description.ts";
import { createFunctionPools, type FunctionPools } from "#local/lambda/function-pool.ts";

const FUNCTION: FunctionDescription = {
  name: "home",
  arn: "arn:aws:lambda:us-east-1:000000000000:function:home",
  roleArn: "arn:aws:iam::000000000000:role/home",
  codeDirectory: "/nowhere",
  handler: "index.handler",
  timeoutSeconds: 3,
  memorySizeMb: 128,
  environment: {},
};
const DONE: InvocationResult = { failed: false, payload: Buffer.from("null") };

/** An environment that a test makes ready, and whose calls it ends. */
interface Played extends Environment {
  ready(): void;
  answer(): void;
}

let started: Played[];
let ended: Environment[];
let pools: FunctionPools;
beforeEach(() => {
  vi.useFakeTimers();
  started = [];
  ended = [];
  const start = (_: FunctionDescription, events: EnvironmentEvents): Environment => {
    let done: ((result: InvocationResult) => void) | undefined;
    const environment: Played = {
      run: (_invocation, tell) => {
        done = tell;
      },
      end: async () => {
        ended.push(environment);
      },
      ready: () => events.idle(environment),
      answer: () => {
        done?.(DONE);
        events.idle(environment);
      },
    };
    started.push(environment);
    return environment;
  };
  pools = createFunctionPools(start, { maxEnvironments: 10, restMs: 20_000 });
});
afterEach(async () => {
  await pools.close();
  vi.useRealTimers();
});

const invoke = (isEvent = false): Promise<InvocationResult> =>
  pools.invoke(FUNCTION, {
    requestId: "one",
    payload: Buffer.from("{}"),
    traceId: "Root=1",
    tail: false,
    isEvent,
  });

/** An environment that is ready, and has served so many calls of so many milliseconds each. */
const used = (calls: number, { tookMs = 0, isEvent = false } = {}): void => {
  pools.warm(FUNCTION);
  started[0]?.ready();
  for (let call = 0; call < calls; call += 1) {
    void invoke(isEvent);
    vi.advanceTimersByTime(tookMs);
    started[0]?.answer();
  }
};

test("a function is warmed once, and its first call finds it ready", async () => {
  pools.warm(FUNCTION);
  pools.warm(FUNCTION);
  const [first] = started;
  first?.ready();

  const answer = invoke();
  first?.answer();

  await expect(answer).resolves.toBe(DONE);
  expect(started).toHaveLength(1);
});

test("a call waits for an environment that is busy, and takes it when it is ready within 60 ms", async () => {
  pools.warm(FUNCTION);
  const [first] = started;
  first?.ready();

  const calls = [invoke(), invoke()];
  vi.advanceTimersByTime(59);
  first?.answer();
  first?.answer();
  vi.advanceTimersByTime(1_000);

  await expect(Promise.all(calls)).resolves.toEqual([DONE, DONE]);
  expect(started).toHaveLength(1);
});

test("after 60 ms another is started for it, and whichever is ready first takes the call", async () => {
  pools.warm(FUNCTION);
  const [first] = started;
  first?.ready();

  const calls = [invoke(), invoke()];
  vi.advanceTimersByTime(60);
  const [, second] = started;
  second?.ready();
  second?.answer();
  first?.answer();

  await expect(Promise.all(calls)).resolves.toEqual([DONE, DONE]);
  expect(started).toHaveLength(2);
});

test.each([
  ["as long as a start takes", 80, 79, 80],
  ["100 ms at the most", 900, 99, 100],
])("a call waits %s", async (_, startMs, inVainMs, enoughMs) => {
  pools.warm(FUNCTION);
  vi.advanceTimersByTime(startMs);
  const [first] = started;
  first?.ready();
  const calls = [invoke(), invoke()];

  vi.advanceTimersByTime(inVainMs);
  const early = started.length;
  vi.advanceTimersByTime(enoughMs - inVainMs);

  expect([early, started.length]).toEqual([1, 2]);
  first?.answer();
  first?.answer();
  await expect(Promise.all(calls)).resolves.toEqual([DONE, DONE]);
});

test("a call of a function that has no environment starts one at once", () => {
  const call = invoke();

  expect(started).toHaveLength(1);
  started[0]?.ready();
  started[0]?.answer();
  return expect(call).resolves.toBe(DONE);
});

test.each([
  ["somebody waited for", false, 300_000],
  ["nobody waits for", true, 4000],
])("after a call that %s an environment is kept for its time", (_, isEvent, keptMs) => {
  used(1, { tookMs: 200, isEvent });
  vi.advanceTimersByTime(keptMs - 1000);
  const before = ended.length;

  vi.advanceTimersByTime(4000);

  expect(before).toBe(0);
  expect(ended).toEqual(started);
});

test("of an event that took long an environment is kept no longer than of any other call", () => {
  used(1, { tookMs: 60_000, isEvent: true });

  vi.advanceTimersByTime(302_000);

  expect(ended).toEqual(started);
});

test("an environment that has served many calls is begun anew when it rests, and the next call finds the new one", async () => {
  used(100);
  vi.advanceTimersByTime(18_000);
  const before = ended.length;
  vi.advanceTimersByTime(4000);
  started[1]?.ready();

  const answer = invoke();
  started[1]?.answer();

  await expect(answer).resolves.toBe(DONE);
  expect(before).toBe(0);
  expect(ended).toEqual([started[0]]);
  expect(started).toHaveLength(2);
});

test("one that has served few rests as it is", () => {
  used(99);

  vi.advanceTimersByTime(60_000);

  expect(ended).toEqual([]);
  expect(started).toHaveLength(1);
});
