import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { getShadow, getShadows, updateShadowAtVersion } from "#adapters/device-shadows.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import { handler } from "../../functions/conclude-run/handler.ts";
import { answer, GOODNIGHT, RUN, SENT_AT_MS, sent } from "../domain/goodnight.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("THING_PREFIX", "");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
});
const { read } = vi.hoisted(() => ({
  read: vi.fn<(...of: readonly unknown[]) => Promise<readonly Acknowledgement[]>>(),
}));
vi.mock("#adapters/audit-table.ts", () => ({
  readRunEvidence: async (...of: readonly unknown[]) => ({
    acknowledgements: await read(...of),
    judgedBy: ["sha256:0001", "sha256:0002"],
  }),
}));
vi.mock("#adapters/device-shadows.ts", () => ({
  getShadow: vi.fn(),
  getShadows: vi.fn(),
  updateShadowAtVersion: vi.fn(),
}));

const get = vi.mocked(getShadow);
const update = vi.mocked(updateShadowAtVersion);

const DOOR_LOCKED = answer("home-front_door", 0, { lock: { locked: true } });
const LAMP_OFF = answer("home-hall_lamp", 0, { light: { on: false } });
const ALARM_ARMED = answer("home-alarm", 1, { alarm: { mode: "armed_night" } });

const LAMP_COMMAND = "run_0123456789abcdefghjk.0";
const OTHER_COMMAND = "run_kjhgfedcba9876543210.0";

/** The lamp's shadow while its command stands there unanswered. */
const STANDING = {
  version: 7,
  view: { desiredCommandId: LAMP_COMMAND, reported: { light: { on: true } } },
};

const WITHDRAWAL = {
  state: { desired: { light: null, command: null } },
  version: 7,
  clientToken: "run_0123456789abcdefghjk.0.w",
};

const EVENT = {
  home: "home",
  run: { id: RUN, requestedAt: "2026-01-02T22:00:00.000Z" },
  plan: GOODNIGHT,
  planHash: "sha256:abc",
  sent: [sent(0), sent(1)],
};

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS + 12_000, toFake: ["Date"] });
  read.mockReset().mockResolvedValue([DOOR_LOCKED, ALARM_ARMED]);
  get.mockReset().mockResolvedValue(STANDING);
  update.mockReset().mockResolvedValue(true);
  vi.mocked(getShadows).mockReset().mockResolvedValue(new Map());
});
afterEach(() => {
  vi.useRealTimers();
});

const conclude = (event: unknown = EVENT) => handler(event, lambdaContext());

/** Device, outcome and reason of everything that is not as asked. */
const problemsOf = async () =>
  (await conclude()).result.devices_not_confirmed.map(({ device, outcome, reason }) =>
    reason === undefined ? [device, outcome] : [device, outcome, reason],
  );

test("a run whose devices all answered is done, and no shadow is touched", async () => {
  read.mockResolvedValue([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED]);

  const { result } = await conclude();

  expect(result).toMatchObject({
    run_id: "run_0123456789abcdefghjk",
    result: "done",
    devices: 3,
    confirmed: 3,
    devices_not_confirmed: [],
    requested_at: "2026-01-02T22:00:00.000Z",
    finished_at: "2026-01-02T22:00:12.000Z",
  });
  expect(get).not.toHaveBeenCalled();
  expect(update).not.toHaveBeenCalled();
  expect(read).toHaveBeenCalledTimes(1);
});

// REQ: withdrawal
test("everything ends at moments that count from the beginning, the withdrawals before the rest", async () => {
  const [whole, withdrawing, looking] = [16_000, 12_000, 14_000].map((ms) =>
    AbortSignal.timeout(ms),
  );
  const timeout = vi
    .spyOn(AbortSignal, "timeout")
    .mockReturnValueOnce(whole ?? AbortSignal.abort())
    .mockReturnValueOnce(withdrawing ?? AbortSignal.abort())
    .mockReturnValueOnce(looking ?? AbortSignal.abort());
  const rules = { onConflict: "supersede", onPartial: "keep", retry: "class_default" } as const;

  await conclude({ ...EVENT, plan: { ...GOODNIGHT, rules: { ...rules, holdSeconds: 1 } } });
  const limits = timeout.mock.calls.map(([ms]) => ms);
  timeout.mockRestore();

  expect(limits).toEqual([16_000, 12_000, 14_000]);
  expect(read.mock.calls.map((call) => call[3])).toEqual([whole, whole]);
  expect([get.mock.calls[0]?.[1], update.mock.calls[0]?.[2]]).toEqual([withdrawing, withdrawing]);
  expect(vi.mocked(getShadows).mock.calls[0]?.[1]).toBe(looking);
});

test("a command that was not answered is withdrawn at the version that the shadow has", async () => {
  const problems = await problemsOf();

  expect(problems).toEqual([["hall_lamp", "timed_out"]]);
  expect(update.mock.calls.map((call) => call.slice(0, 2))).toEqual([
    ["home-hall_lamp", WITHDRAWAL],
  ]);
});

test("a lost race is run again, against the version that won", async () => {
  update.mockResolvedValueOnce(false);
  get.mockResolvedValueOnce(STANDING).mockResolvedValueOnce({ ...STANDING, version: 8 });

  const problems = await problemsOf();

  expect(problems).toEqual([["hall_lamp", "timed_out"]]);
  expect(update.mock.calls.map((call) => call.slice(0, 2))).toEqual([
    ["home-hall_lamp", WITHDRAWAL],
    ["home-hall_lamp", { ...WITHDRAWAL, version: 8 }],
  ]);
});

// REQ: superseded
test("the command of another run is left alone", async () => {
  get.mockResolvedValue({ version: 9, view: { desiredCommandId: OTHER_COMMAND } });

  const problems = await problemsOf();

  expect(problems).toEqual([["hall_lamp", "superseded", "BY run_kjhgfedcba9876543210.0"]]);
  expect(update).not.toHaveBeenCalled();
});

test("a device that has just echoed is left alone, and is not called silent", async () => {
  get.mockResolvedValue({
    version: 9,
    view: { desiredCommandId: LAMP_COMMAND, reportedCommandId: LAMP_COMMAND },
  });

  const problems = await problemsOf();

  expect(problems).toEqual([["hall_lamp", "timed_out", "NOT_RECORDED"]]);
  expect(update).not.toHaveBeenCalled();
});

test("an answer that comes in while its command is being withdrawn counts", async () => {
  const late = answer("home-hall_lamp", 0, { light: { on: false } }, { afterMs: 11_000 });
  read.mockResolvedValueOnce([DOOR_LOCKED, ALARM_ARMED]);
  read.mockResolvedValueOnce([DOOR_LOCKED, ALARM_ARMED, late]);

  const problems = await problemsOf();

  expect(problems).toEqual([["hall_lamp", "confirmed_late"]]);
});

test("a device that was never heard of has no shadow to withdraw from", async () => {
  get.mockResolvedValue(undefined);

  const problems = await problemsOf();

  expect(problems).toEqual([["hall_lamp", "timed_out"]]);
  expect(update).not.toHaveBeenCalled();
});

test("a device that is offline by its shadow is told apart from one that is silent", async () => {
  get.mockResolvedValue({ ...STANDING, view: { ...STANDING.view, reported: { online: false } } });

  const problems = await problemsOf();

  expect(problems).toEqual([["hall_lamp", "offline"]]);
});

describe("a shadow that cannot be taken care of does not keep the others' outcomes from being recorded", () => {
  test("because it cannot be read", async () => {
    get.mockRejectedValue(new Error("Rate exceeded"));

    const { record, result } = await conclude();

    expect(result).toMatchObject({ result: "partly_done", confirmed: 2 });
    expect(result.devices_not_confirmed).toMatchObject([
      { device: "hall_lamp", outcome: "timed_out", reason: "NOT_WITHDRAWN" },
    ]);
    expect(record.result).toEqual({ S: "partly_done" });
  });

  test("because it cannot be written", async () => {
    update.mockRejectedValue(new Error("Rate exceeded"));

    expect(await problemsOf()).toEqual([["hall_lamp", "timed_out", "NOT_WITHDRAWN"]]);
  });

  test("because it changes faster than it can be written: five tries", async () => {
    update.mockResolvedValue(false);

    expect(await problemsOf()).toEqual([["hall_lamp", "timed_out", "NOT_WITHDRAWN"]]);
    expect(update).toHaveBeenCalledTimes(5);
  });
});

// REQ: gate
test("stages that were not reached are neither withdrawn nor asked about", async () => {
  read.mockResolvedValue([LAMP_OFF]);
  get.mockResolvedValue({ version: 3, view: { desiredCommandId: LAMP_COMMAND } });

  const { result } = await conclude({ ...EVENT, sent: [sent(0)] });

  expect(result.result).toBe("stopped");
  expect(result.devices_not_confirmed).toMatchObject([
    { device: "front_door", outcome: "timed_out" },
    { device: "alarm", outcome: "not_reached" },
  ]);
  expect(get.mock.calls.map(([thing]) => thing)).toEqual(["home-front_door"]);
});

// REQ: audit-record
test("the record is in DynamoDB's notation, with each device's state before and after and both times", async () => {
  const before = { before: { lock: { locked: false } }, afterMs: 400 };
  read.mockResolvedValue([
    answer("home-front_door", 0, { lock: { locked: true } }, before),
    LAMP_OFF,
    ALARM_ARMED,
  ]);

  const { record } = await conclude();

  expect(record).toMatchObject({
    PK: { S: "HOME#home#RUN#run_0123456789abcdefghjk" },
    SK: { S: "OUTCOME" },
    run: { S: "run_0123456789abcdefghjk" },
    scene: { S: "goodnight" },
    result: { S: "done" },
    planHash: { S: "sha256:abc" },
    finishedAt: { S: "2026-01-02T22:00:12.000Z" },
    judgedBy: { L: [{ S: "sha256:0001" }, { S: "sha256:0002" }] },
    recordedAt: { N: "1767391212000" },
    expiresAt: { N: "1801951212" },
  });
  expect(record.devices).toMatchObject({
    L: [
      {
        M: {
          device: { S: "front_door" },
          outcome: { S: "confirmed" },
          asked: { M: { lock: { M: { locked: { BOOL: true } } } } },
          before: { M: { lock: { M: { locked: { BOOL: false } } } } },
          after: { M: { lock: { M: { locked: { BOOL: true } } } } },
          askedAtMs: { N: "1767391200000" },
          acknowledgedAtMs: { N: "1767391200400" },
        },
      },
      { M: { device: { S: "hall_lamp" } } },
      { M: { device: { S: "alarm" } } },
    ],
  });
});

test("without the acknowledgements nothing is concluded, and nothing withdrawn", async () => {
  read.mockRejectedValue(new Error("no table"));

  await expect(conclude()).rejects.toThrow("no table");
  expect(update).not.toHaveBeenCalled();
});

test("an input without a plan is refused", async () => {
  const { plan: _, ...event } = EVENT;

  await expect(conclude(event)).rejects.toMatchObject({ code: "RecordInvalid" });
});

// REQ: receipt
test("the answer holds the hash of the record, as anybody computes it from what is stored", async () => {
  const { record, result } = await conclude();

  const text = JSON.stringify(record, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  expect(result.receipt.record).toBe(`sha256:${createHash("sha256").update(text).digest("hex")}`);
});

// REQ: withdrawal
test.for([
  ["which the device refused", { light: { on: true } }, "FAILED"],
  [
    "which it did only as exactly as it can",
    { light: { on: false, colorTempK: 2703 } },
    "SUCCEEDED",
  ],
] as const)(
  "a command %s is taken back too, so that no delta stands for ever",
  async ([, after, status]) => {
    const lamp = answer("home-hall_lamp", 0, after, { status });
    read.mockResolvedValue([DOOR_LOCKED, lamp, ALARM_ARMED]);
    get.mockResolvedValue({
      version: 7,
      view: { desiredCommandId: LAMP_COMMAND, reportedCommandId: LAMP_COMMAND },
    });
    const [first, ...rest] = GOODNIGHT.stages;
    const plan = {
      ...GOODNIGHT,
      stages: [
        {
          ...first,
          commands: first?.commands.map((one) =>
            one.device === "hall_lamp"
              ? { ...one, want: { light: { on: false, colorTempK: 2700 } } }
              : one,
          ),
        },
        ...rest,
      ],
    };

    await conclude({ ...EVENT, plan });

    expect(update.mock.calls.map((call) => call.slice(0, 2))).toEqual([
      ["home-hall_lamp", WITHDRAWAL],
    ]);
  },
);

test("a refused command that another run has replaced is left alone", async () => {
  read.mockResolvedValue([
    DOOR_LOCKED,
    answer("home-hall_lamp", 0, { light: { on: true } }, { status: "FAILED", reason: "JAMMED" }),
    ALARM_ARMED,
  ]);
  get.mockResolvedValue({ version: 9, view: { desiredCommandId: OTHER_COMMAND } });

  expect(await problemsOf()).toEqual([["hall_lamp", "refused", "JAMMED"]]);
  expect(update).not.toHaveBeenCalled();
});

test("a silent device that is connected is said to be, and one that is not, since when", async () => {
  const standing = { desiredCommandId: LAMP_COMMAND };
  get.mockResolvedValueOnce({ version: 7, view: { ...standing, reported: { online: true } } });
  const connected = await conclude();
  get.mockResolvedValueOnce({
    version: 7,
    view: { ...standing, reported: { online: false }, onlineSaidAtMs: SENT_AT_MS - 3_600_000 },
  });
  const offline = await conclude();

  expect(connected.result.say).toContain("Hall lamp did not answer within 2 s. It is connected.");
  expect(offline.result.say).toContain(
    "Hall lamp is offline since 2026-01-02T21:00:00.000Z and did not answer.",
  );
});

describe("a scene that must hold", () => {
  const HOLD = { onConflict: "supersede", onPartial: "keep", retry: "class_default" };
  const plan = { ...GOODNIGHT, rules: { ...HOLD, holdSeconds: 3 } };
  const doorNow = (view: object): void => {
    read.mockResolvedValue([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED]);
    vi.mocked(getShadows).mockResolvedValue(new Map([["home-front_door", { version: 9, view }]]));
  };

  test("tells of a lock that sprang back after its acknowledgement", async () => {
    doorNow({
      reported: { lock: { locked: false, jammed: true } },
      reportedCommandId: LAMP_COMMAND,
    });

    const { result } = await conclude({ ...EVENT, plan });

    expect(vi.mocked(getShadows).mock.calls.map(([things]) => things)).toEqual([
      ["home-front_door", "home-hall_lamp", "home-alarm"],
    ]);
    expect(result).toMatchObject({
      result: "partly_done",
      say: "Goodnight: 2 of 3 devices confirmed. Front door confirmed, but did not stay so.",
      devices_not_confirmed: [{ device: "front_door", outcome: "did_not_stay" }],
    });
  });

  test("names the run that changed a device meanwhile", async () => {
    doorNow({ reported: { lock: { locked: false } }, reportedCommandId: OTHER_COMMAND });

    const { result } = await conclude({ ...EVENT, plan });

    expect(result.devices_not_confirmed).toMatchObject([
      { outcome: "did_not_stay", reason: "BY run_kjhgfedcba9876543210.0" },
    ]);
  });

  test("is done where all stayed, and where a shadow cannot be read the answer stands", async () => {
    doorNow({ reported: { lock: { locked: true } } });

    expect((await conclude({ ...EVENT, plan })).result.result).toBe("done");
  });
});
