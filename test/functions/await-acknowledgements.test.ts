import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readAcknowledgements } from "#adapters/audit-table.ts";
import { handler } from "../../functions/await-acknowledgements/handler.ts";
import {
  ALARM,
  answer,
  FRONT_DOOR,
  HALL_LAMP,
  RUN,
  SENT_AT_MS,
  sent,
} from "../domain/goodnight.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("THING_PREFIX", "");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
});
vi.mock("#adapters/audit-table.ts", () => ({ readAcknowledgements: vi.fn() }));
// The handler's pauses, on the clock that a test turns.
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const read = vi.mocked(readAcknowledgements);

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  read.mockReset().mockResolvedValue([]);
});
afterEach(() => {
  vi.useRealTimers();
});

const DOOR_LOCKED = answer("home-front_door", 0, { lock: { locked: true } });
const LAMP_OFF = answer("home-hall_lamp", 0, { light: { on: false } });

// As often as they are: what is sent again has tests of its own.
const AGAIN = ["front_door", "hall_lamp"];

const stage = (...commands: readonly unknown[]) => ({
  home: "home",
  run: RUN,
  stage: { index: 0, name: "close and lock", commands },
  sent: { ...sent(0), again: AGAIN },
});

/** What the handler answers, and after how many milliseconds of virtual time. */
const timed = async (event: unknown) => {
  const startedAtMs = Date.now();
  const ending = handler(event, lambdaContext()).then((output) => ({
    output,
    afterMs: Date.now() - startedAtMs,
  }));
  await vi.advanceTimersByTimeAsync(300_000);
  return ending;
};

// REQ: windows-end-early
test("returns at once when every device has answered, after one look", async () => {
  vi.setSystemTime(SENT_AT_MS + 4);
  read.mockResolvedValue([DOOR_LOCKED, LAMP_OFF]);

  const { output, afterMs } = await timed(stage(FRONT_DOOR, HALL_LAMP));

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(afterMs).toBe(0);
  expect(read.mock.calls.map((call) => call.slice(0, 3))).toEqual([
    ["audit", "home", "run_0123456789abcdefghjk"],
  ]);
});

test("does not look before an answer can be there", async () => {
  read.mockResolvedValue([DOOR_LOCKED, LAMP_OFF]);

  const { output, afterMs } = await timed(stage(FRONT_DOOR, HALL_LAMP));

  expect(output).toMatchObject({ isOver: true });
  expect(afterMs).toBeGreaterThanOrEqual(3);
  expect(afterMs).toBeLessThanOrEqual(4);
  expect(read).toHaveBeenCalledTimes(1);
});

test("a clock that is some seconds behind the one the commands went out by delays no look", async () => {
  vi.setSystemTime(SENT_AT_MS - 4_000);
  read.mockResolvedValue([DOOR_LOCKED, LAMP_OFF]);

  const { output, afterMs } = await timed(stage(FRONT_DOOR, HALL_LAMP));

  expect(output).toMatchObject({ isOver: true });
  expect(afterMs).toBeLessThanOrEqual(4);
});

test("keeps looking until the last answer is there, and returns within 100 ms of it", async () => {
  read.mockImplementation(async () =>
    Date.now() < SENT_AT_MS + 1_500 ? [DOOR_LOCKED] : [DOOR_LOCKED, LAMP_OFF],
  );

  const { output, afterMs } = await timed(stage(FRONT_DOOR, HALL_LAMP));

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(afterMs).toBeGreaterThanOrEqual(1_500);
  expect(afterMs).toBeLessThanOrEqual(1_600);
});

// REQ: window-per-kind
test("returns when the last window closes on a silent device", async () => {
  const { output, afterMs } = await timed(stage(HALL_LAMP));

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(afterMs).toBe(2_000);
});

// REQ: gate
test("the gate stays shut for a required device that refused", async () => {
  const refused = { status: "FAILED", reason: "JAMMED" } as const;
  read.mockResolvedValue([
    answer("home-front_door", 0, { lock: { locked: false } }, refused),
    LAMP_OFF,
  ]);

  const { output } = await timed(stage(FRONT_DOOR, HALL_LAMP));

  expect(output).toEqual({ isOver: true, isGateOpen: false, waitSeconds: 1 });
});

test("waits for no device whose command did not go out", async () => {
  const event = {
    ...stage(FRONT_DOOR),
    sent: sent(0, [{ device: "front_door", reason: "ThrottlingException" }]),
  };

  const { output, afterMs } = await timed(event);

  expect(output).toEqual({ isOver: true, isGateOpen: false, waitSeconds: 1 });
  expect(afterMs).toBe(0);
});

test("does not take the answer to another stage for this one's", async () => {
  read.mockResolvedValue([answer("home-alarm", 1, { alarm: { mode: "armed_night" } })]);
  vi.setSystemTime(SENT_AT_MS + 9_000);

  const { output } = await timed(stage(ALARM));

  expect(output.isOver).toBe(false);
});

test("hands a slow stage to the workflow's Wait state after 8 s, to be asked again in one", async () => {
  const { output, afterMs } = await timed(stage(FRONT_DOOR));

  expect(output).toEqual({ isOver: false, isGateOpen: false, waitSeconds: 1 });
  expect(afterMs).toBeGreaterThanOrEqual(8_000);
  expect(afterMs).toBeLessThanOrEqual(8_100);
});

test("asked again of a stage that is older, looks once and returns", async () => {
  vi.setSystemTime(SENT_AT_MS + 9_000);

  const { output, afterMs } = await timed(stage(FRONT_DOOR));

  expect(output).toEqual({ isOver: false, isGateOpen: false, waitSeconds: 1 });
  expect(afterMs).toBe(0);
  expect(read).toHaveBeenCalledTimes(1);
});

/** Each device's answer from its moment on; a look that may be stale sees what was there `lagMs` ago. */
const answering = (lagMs: number, answers: readonly (readonly [number, Answered])[]) =>
  read.mockImplementation(async (_table, _home, _run, { mayBeStale }) => {
    const seenMs = Date.now() - SENT_AT_MS - (mayBeStale ? lagMs : 0);
    return answers.filter(([atMs]) => atMs <= seenMs).map(([, answered]) => answered);
  });
type Answered = typeof LAMP_OFF;
const staleLooks = () => read.mock.calls.map(([, , , { mayBeStale }]) => mayBeStale);

// REQ: stale-looks
test("a look that misses what came a moment ago delays the stage by one look", async () => {
  answering(60, [
    [200, DOOR_LOCKED],
    [1_500, LAMP_OFF],
  ]);

  const { output, afterMs } = await timed(stage(FRONT_DOOR, HALL_LAMP));

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(afterMs).toBeGreaterThanOrEqual(1_560);
  expect(afterMs).toBeLessThanOrEqual(1_660);
  expect(staleLooks()).not.toContain(false);
});

// REQ: stale-looks
test("no device is given up by a look that may be stale: the gate opens for an answer in the last moment", async () => {
  answering(60_000, [[1_990, DOOR_LOCKED]]);

  const { output, afterMs } = await timed(stage({ ...FRONT_DOOR, windowSeconds: 2 }));

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(afterMs).toBe(2_000);
  expect(staleLooks().filter((mayBeStale) => !mayBeStale)).toHaveLength(1);
});

// REQ: stale-looks
test("what a stale look missed is not sent again", async () => {
  answering(60_000, [
    [900, LAMP_OFF],
    [1_700, DOOR_LOCKED],
  ]);
  const event = {
    ...stage({ ...FRONT_DOOR, windowSeconds: 2, tries: 1 }, HALL_LAMP),
    sent: sent(0),
  };

  const { output, afterMs } = await timed(event);

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(afterMs).toBeGreaterThanOrEqual(1_700);
  expect(afterMs).toBeLessThanOrEqual(2_000);
});

// REQ: stale-looks
test("a device of which nobody knows whether it was sent its command may have answered: a stale look shuts no gate", async () => {
  answering(60_000, [[300, DOOR_LOCKED]]);
  const notSent = [{ device: "front_door", reason: "UNANSWERED" }];
  const event = { ...stage(FRONT_DOOR), sent: { ...sent(0), notSent, again: AGAIN } };
  vi.setSystemTime(SENT_AT_MS + 400);

  const { output } = await timed(event);

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(staleLooks()).toEqual([true, false]);
});

// REQ: stale-looks
test("who looks once a second looks consistently", async () => {
  vi.setSystemTime(SENT_AT_MS + 9_000);
  answering(60_000, [[8_900, DOOR_LOCKED]]);

  const { output } = await timed(stage(FRONT_DOOR));

  expect(output).toEqual({ isOver: true, isGateOpen: true, waitSeconds: 1 });
  expect(staleLooks()).toEqual([false]);
});

test("a table that cannot be read is an error, which the workflow tries again", async () => {
  vi.setSystemTime(SENT_AT_MS + 4);
  read.mockRejectedValue(new Error("no table"));

  await expect(handler(stage(FRONT_DOOR), lambdaContext())).rejects.toThrow("no table");
});

test("an input without what was sent is refused", async () => {
  const { sent: _, ...event } = stage(FRONT_DOOR);

  await expect(handler(event, lambdaContext())).rejects.toMatchObject({ code: "RecordInvalid" });
  expect(read).not.toHaveBeenCalled();
});

test("a clock that was set back since the commands went out closes every window", async () => {
  vi.setSystemTime(SENT_AT_MS - 3 * 3_600_000);

  const { output, afterMs } = await timed(stage(FRONT_DOOR, HALL_LAMP));

  expect(output).toMatchObject({ isOver: true, isGateOpen: false });
  expect(afterMs).toBeLessThan(1_000);
});

test("sends a silent device its command again at half of its window, and records that before", async () => {
  const event = { ...stage(FRONT_DOOR, HALL_LAMP), sent: sent(0) };
  read.mockResolvedValue([DOOR_LOCKED]);

  const { output, afterMs } = await timed(event);

  expect(afterMs).toBe(1_000);
  expect(output).toEqual({
    isOver: false,
    isGateOpen: true,
    waitSeconds: 1,
    again: {
      commands: [HALL_LAMP],
      record: {
        PK: { S: "HOME#home#RUN#run_0123456789abcdefghjk" },
        SK: { S: "TRY#0#0" },
        v: { N: "1" },
        home: { S: "home" },
        run: { S: "run_0123456789abcdefghjk" },
        stage: { N: "0" },
        devices: { L: [{ S: "hall_lamp" }] },
        sentAgainAt: { S: "2026-01-02T22:00:01.000Z" },
        recordedAt: { N: "1767391201000" },
        seal: { S: "2026-01-02#5" },
        expiresAt: { N: "1801951201" },
      },
      sent: { index: 0, sentAtMs: 1_767_391_200_000, notSent: [], again: ["hall_lamp"] },
    },
  });
});

test("sends an alarm nothing again: arming starts a delay", async () => {
  const { output } = await timed({ ...stage(ALARM), sent: sent(0) });

  expect(output).not.toHaveProperty("again");
});
