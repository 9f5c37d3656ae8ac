import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readHandChanges } from "#adapters/audit-table.ts";
import { publishShadowUpdate } from "#adapters/device-shadows.ts";
import { handler } from "../../functions/publish-commands/handler.ts";
import { FRONT_DOOR, HALL_LAMP, RUN } from "../domain/goodnight.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("THING_PREFIX", "");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
});
vi.mock("#adapters/audit-table.ts", () => ({ readHandChanges: vi.fn() }));
vi.mock("#adapters/device-shadows.ts", () => ({ publishShadowUpdate: vi.fn() }));

const publish = vi.mocked(publishShadowUpdate);
const hands = vi.mocked(readHandChanges);

const REQUESTED_AT = "2026-11-23T22:00:00.000Z";
const INPUT = { home: "home", run: RUN, requestedAt: REQUESTED_AT, rules: {} };
const YIELDING = { ...INPUT, rules: { onConflict: "yield_to_manual" } };

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T22:00:00.250Z") });
  publish.mockReset().mockResolvedValue(undefined);
  hands.mockReset().mockResolvedValue([]);
});
afterEach(() => {
  vi.useRealTimers();
});

// REQ: command-form
test("each device of a batch is sent one shadow update with the wanted state and a new command", async () => {
  const event = { ...INPUT, stage: 1, commands: [FRONT_DOOR, HALL_LAMP] };

  const output = await handler(event, lambdaContext());

  expect(output).toEqual({
    beganAtMs: 1_795_471_200_250,
    sentAtMs: 1_795_471_200_250,
    notSent: [],
  });
  expect(publish.mock.calls.map((call) => call.slice(0, 2))).toEqual([
    [
      "home-front_door",
      {
        state: {
          desired: {
            lock: { locked: true },
            command: {
              id: "run_0123456789abcdefghjk.1",
              run: "run_0123456789abcdefghjk",
              stage: 1,
              // 22:00:00.25 and 10 s, rounded up, and 30 s for clocks that differ.
              expiresAt: 1_795_471_241,
              answerBy: 1_795_471_210.25,
              transitionSeconds: 0,
            },
          },
        },
        clientToken: "run_0123456789abcdefghjk.1",
      },
    ],
    [
      "home-hall_lamp",
      {
        state: {
          desired: {
            light: {
              on: false,
              brightness: null,
              colorTempK: null,
              hue: null,
              saturation: null,
              effect: null,
            },
            command: {
              id: "run_0123456789abcdefghjk.1",
              run: "run_0123456789abcdefghjk",
              stage: 1,
              expiresAt: 1_795_471_233,
              answerBy: 1_795_471_202.25,
              transitionSeconds: 0,
            },
          },
        },
        clientToken: "run_0123456789abcdefghjk.1",
      },
    ],
  ]);
});

// REQ: device-failure-is-data
test("a device whose command cannot be published is data, and the others are sent theirs", async () => {
  publish.mockImplementation(async (thing) => {
    if (thing === "home-front_door") {
      throw Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
    }
  });

  const output = await handler(
    { ...INPUT, stage: 0, commands: [FRONT_DOOR, HALL_LAMP] },
    lambdaContext(),
  );

  expect(output.notSent).toEqual([{ device: "front_door", reason: "ThrottlingException" }]);
  expect(publish.mock.calls.map(([thing]) => thing)).toEqual(["home-front_door", "home-hall_lamp"]);
});

test("the time of sending is when the last command was taken, not when the first was handed over", async () => {
  publish.mockImplementation(async (thing) => {
    if (thing === "home-hall_lamp") vi.setSystemTime(Date.parse("2026-11-23T22:00:01.000Z"));
  });

  const output = await handler(
    { ...INPUT, stage: 0, commands: [FRONT_DOOR, HALL_LAMP] },
    lambdaContext(),
  );

  expect(output.sentAtMs).toBe(1_795_471_201_000);
});

test.each([
  ["nothing", undefined],
  ["a single command instead of a list", { ...INPUT, stage: 0, commands: HALL_LAMP }],
  ["no time of the request", { home: "home", run: RUN, rules: {}, stage: 0, commands: [] }],
  ["rules that nobody knows", { ...INPUT, rules: { onConflict: "fight" }, stage: 0, commands: [] }],
  ["no stage", { ...INPUT, commands: [] }],
])("an input with %s is refused, and nothing is sent", async (_, event) => {
  await expect(handler(event, lambdaContext())).rejects.toMatchObject({ code: "RecordInvalid" });
  expect(publish).not.toHaveBeenCalled();
});

// REQ: sent-again-once
test("what is sent again has the id and the expiry of the first time", async () => {
  const event = { ...INPUT, stage: 1, commands: [FRONT_DOOR] };

  await handler(event, lambdaContext());
  vi.advanceTimersByTime(5_000);
  await handler({ ...event, beganAtMs: 1_795_471_200_250 }, lambdaContext());

  expect(publish.mock.calls[1]?.slice(0, 2)).toEqual(publish.mock.calls[0]?.slice(0, 2));
});

test("what has expired is not sent again", async () => {
  const event = { ...INPUT, stage: 1, commands: [FRONT_DOOR] };
  vi.advanceTimersByTime(40_750);

  const output = await handler({ ...event, beganAtMs: 1_795_471_200_250 }, lambdaContext());

  expect(output.notSent).toEqual([{ device: "front_door", reason: "Expired" }]);
  expect(publish).not.toHaveBeenCalled();
});

// REQ: yields-to-hand
test.for([
  ["switched to another state", [0, { light: { on: true } }], ["hall_lamp"]],
  ["switched to the state that is wanted", [0, { light: { on: false } }], []],
  ["switched before the run was asked for", [-1, { light: { on: true } }], []],
] as const)(
  "where a scene yields to people, a lamp that somebody %s: not sent is %j",
  async ([, [ms, after], notSent]) => {
    const atMs = Date.parse(REQUESTED_AT) + ms;
    hands.mockResolvedValue([{ thing: "home-hall_lamp", atMs, after }]);

    const output = await handler(
      { ...YIELDING, stage: 0, commands: [FRONT_DOOR, HALL_LAMP] },
      lambdaContext(),
    );

    expect(output.notSent).toEqual(notSent.map((device) => ({ device, reason: "BY_HAND" })));
    expect(publish).toHaveBeenCalledTimes(2 - notSent.length);
    expect(hands.mock.calls.map(([...asked]) => asked.slice(0, 4))).toEqual([
      ["audit", "home", REQUESTED_AT, new Date()],
    ]);
  },
);

// REQ: withdrawal
test("the time for looking and for publishing is one, and what looks past it publishes nothing", async () => {
  await handler({ ...YIELDING, stage: 0, commands: [HALL_LAMP] }, lambdaContext());
  const [lookedUntil, publishedUntil] = [hands.mock.calls[0]?.[4], publish.mock.calls[0]?.[2]];
  hands.mockRejectedValue(new DOMException("The operation was aborted", "AbortError"));
  const late = handler({ ...YIELDING, stage: 0, commands: [HALL_LAMP] }, lambdaContext());

  await expect(late).rejects.toThrow("aborted");
  expect(lookedUntil).toBeInstanceOf(AbortSignal);
  expect(publishedUntil).toBe(lookedUntil);
  expect(publish).toHaveBeenCalledOnce();
});

test("where a scene does not yield, nobody looks who switched what", async () => {
  await handler({ ...INPUT, stage: 0, commands: [HALL_LAMP] }, lambdaContext());

  expect(hands).not.toHaveBeenCalled();
});

test("a scene whose commands expire sooner sends the sooner expiry, and a later one is no longer than the window and the clocks", async () => {
  const event = { ...INPUT, stage: 1, commands: [FRONT_DOOR] };

  await handler({ ...event, rules: { expiresSeconds: 15 } }, lambdaContext());
  await handler({ ...event, rules: { expiresSeconds: 240 } }, lambdaContext());

  expect(publish.mock.calls.map(([, document]) => document)).toMatchObject(
    [1_795_471_216, 1_795_471_241].map((expiresAt) => ({
      state: { desired: { command: { expiresAt } } },
    })),
  );
});
