import { beforeEach, describe, expect, test, vi } from "vitest";
import { putFirstRecord, readRunEvidence } from "#adapters/audit-table.ts";
import type { SweepProgress } from "#adapters/concluding/sweep-progress.ts";
import { getShadow, updateShadowAtVersion } from "#adapters/device-shadows.ts";
import type { OpenRun } from "#domain/audit/open-run.ts";
import { parseOutcomeRecord } from "#domain/audit/outcome-record.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { runView } from "#domain/audit/run-view.ts";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import { type SweepTools, sweepPass } from "../../functions/sweep-runs/sweep-pass.ts";
import { sweepRun } from "../../functions/sweep-runs/sweep-run.ts";
import { DOOR_LOCKED, GOODNIGHT, LAMP_OFF, RUN } from "../domain/goodnight.ts";
import { AT_HOME } from "../support/at-home.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
});
vi.mock("#adapters/audit-table.ts", () => ({
  readRunEvidence: vi.fn(),
  readHandChanges: vi.fn(),
  putFirstRecord: vi.fn(),
}));
vi.mock("#adapters/device-shadows.ts", () => ({
  getShadow: vi.fn(),
  updateShadowAtVersion: vi.fn(),
}));

const OPEN: OpenRun = { home: AT_HOME.home, run: RUN, requestedAt: "2026-01-02T21:59:59.000Z" };
const SIX_MINUTES_LATER = new Date("2026-01-02T22:06:00.000Z");
const LAMP_COMMAND = "run_0123456789abcdefghjk.0";

const get = vi.mocked(getShadow);
const update = vi.mocked(updateShadowAtVersion);
const put = vi.mocked(putFirstRecord);

const RECORDS: RunRecords = {
  request: {
    id: RUN,
    scene: "goodnight",
    caller: { sub: "alice", clientId: "c", scopes: ["write"] },
    role: "resident",
    requestedAt: OPEN.requestedAt,
  },
  plan: GOODNIGHT,
  planHash: "sha256:00",
  acknowledgements: [],
};

const known = (
  acknowledgements: readonly Acknowledgement[],
  more: Partial<RunRecords> = {},
): void => {
  vi.mocked(readRunEvidence).mockResolvedValue({
    acknowledgements,
    judgedBy: ["sha256:0001"],
    records: () => ({ ...RECORDS, acknowledgements, ...more }),
  });
};

beforeEach(() => {
  known([DOOR_LOCKED]);
  get
    .mockReset()
    .mockImplementation(async (thing) =>
      thing === "home-hall_lamp"
        ? { version: 7, view: { desiredCommandId: LAMP_COMMAND } }
        : undefined,
    );
  update.mockReset().mockResolvedValue(true);
  put.mockReset().mockResolvedValue(true);
});

const sweep = (now = SIX_MINUTES_LATER, takenBefore: readonly string[] = []) => {
  const until = AbortSignal.timeout(10_000);
  return sweepRun("audit", parseThingPrefix(""), OPEN, {
    now,
    until,
    withdrawUntil: until,
    takenBefore,
  });
};

describe("a run that was cut off", () => {
  // REQ: sweeper
  test("has its command taken back, at its version and while it is the run's own, and its outcome recorded", async () => {
    const swept = await sweep();

    expect(swept).toEqual({ is: "swept", withdrawn: ["hall_lamp"], notWithdrawn: 0 });
    expect(update.mock.calls.map((call) => call.slice(0, 2))).toEqual([
      [
        "home-hall_lamp",
        {
          state: { desired: { light: null, command: null } },
          version: 7,
          clientToken: "run_0123456789abcdefghjk.0.w",
        },
      ],
    ]);
    expect(put.mock.calls[0]?.[1]).toMatchObject({
      PK: "HOME#home#RUN#run_0123456789abcdefghjk",
      SK: "OUTCOME",
      result: "partly_done",
      finishedAt: "2026-01-02T22:06:00.000Z",
      cutOff: { withdrawn: ["hall_lamp"] },
      judgedBy: ["sha256:0001"],
    });
  });

  test("is told by its record afterwards, and by a late answer", async () => {
    await sweep();

    const record = { ...put.mock.calls[0]?.[1] };
    const conclusion = parseOutcomeRecord(record);
    const { view } = runView(
      { ...RECORDS, acknowledgements: [DOOR_LOCKED, LAMP_OFF], conclusion },
      0,
    );
    expect(view).toMatchObject({
      say: "Goodnight was cut off before its end. 1 of 3 devices confirmed. Hall lamp confirmed only after its 2 s. Alarm had not answered when the run was cut off. Commands taken back: Hall lamp.",
      cut_off: { withdrawn: ["hall_lamp"] },
    });
  });

  test("is told by what each pass took back of it, also where an earlier one could not take back all", async () => {
    await sweep(SIX_MINUTES_LATER, ["alarm"]);

    expect(put.mock.calls[0]?.[1]).toMatchObject({ cutOff: { withdrawn: ["hall_lamp", "alarm"] } });
  });

  test("whose end cannot be recorded tells what was taken back of it, and why it still stands", async () => {
    put.mockRejectedValue(new Error("throttled"));

    expect(await sweep()).toEqual({
      is: "standing",
      withdrawn: ["hall_lamp"],
      notWithdrawn: 0,
      failure: new Error("throttled"),
    });
  });

  test("is taken back until a moment that leaves the reads behind it time", async () => {
    const [until, withdrawUntil] = [AbortSignal.timeout(10_000), AbortSignal.timeout(7_000)];
    const of = { now: SIX_MINUTES_LATER, until, withdrawUntil, takenBefore: [] };

    await sweepRun("audit", parseThingPrefix(""), OPEN, of);

    const reads = vi.mocked(readRunEvidence).mock.calls.map((call) => call[3]);
    expect([...reads, get.mock.calls[0]?.[1], update.mock.calls[0]?.[2]]).toEqual([
      until,
      until,
      withdrawUntil,
      withdrawUntil,
    ]);
  });

  test("whose outcome is there by now is left alone", async () => {
    known([DOOR_LOCKED], { conclusion: { outcomes: [], finishedAt: "2026-01-02T22:00:09.000Z" } });

    expect(await sweep()).toEqual({ is: "ended", withdrawn: [], notWithdrawn: 0 });
    expect(get).not.toHaveBeenCalled();
    expect(put).not.toHaveBeenCalled();
  });

  test("that its workflow ends in the same moment is ended once", async () => {
    put.mockResolvedValue(false);

    expect((await sweep()).is).toBe("ended");
  });

  test("is not recorded while a command stands that could still be obeyed, and is when that has expired", async () => {
    update.mockRejectedValue(new Error("throttled"));

    const soon = await sweep();
    const recordedSoon = put.mock.calls.length;
    const later = await sweep(new Date("2026-01-02T22:15:00.000Z"));

    expect([soon.is, recordedSoon, later.is]).toEqual(["standing", 0, "swept"]);
    expect(put.mock.calls[0]?.[1]).toMatchObject({
      devices: [
        { device: "front_door", outcome: "confirmed" },
        { device: "hall_lamp", outcome: "timed_out", reason: "NOT_WITHDRAWN" },
        { device: "alarm", outcome: "timed_out", reason: "CUT_OFF" },
      ],
    });
  });

  test("of a plan with a thing of another home is refused before any shadow is touched", async () => {
    const [first, ...rest] = GOODNIGHT.stages;
    const commands = (first?.commands ?? []).map((one) => ({ ...one, thing: "cabin-hall_lamp" }));
    const stages = first === undefined ? [] : [{ ...first, commands }, ...rest];
    known([], { plan: { ...GOODNIGHT, stages } });

    await expect(sweep()).rejects.toMatchObject({ code: "RecordInvalid" });
    expect(get).not.toHaveBeenCalled();
  });
});

describe("a pass", () => {
  const NOW = Date.parse("2026-01-02T22:10:00.000Z");
  const tools = (more: Partial<SweepTools> = {}) => {
    const looked: string[] = [];
    const written: string[] = [];
    const swept: string[] = [];
    const failed: string[] = [];
    const made: SweepTools = {
      nowMs: () => NOW,
      readProgress: async () => ({ sweptTo: NOW - 390_000, taken: new Map() }),
      writeProgress: async ({ sweptTo }) => void written.push(new Date(sweptTo).toISOString()),
      findOpenRuns: async (day, { since, until }) => {
        looked.push(`${day} ${since} ${until}`);
        return { open: [OPEN], unreadable: [] };
      },
      sweepRun: async ({ run }) => {
        swept.push(run);
        return { is: "swept", withdrawn: ["a", "b"], notWithdrawn: 0 };
      },
      hasTime: () => true,
      onFailure: ({ run }) => failed.push(run),
      onUnreadable: () => undefined,
      ...more,
    };
    return { tools: made, looked, written, swept, failed };
  };

  test("looks from five minutes before the pass before to where runs have ended, and keeps how far it came", async () => {
    const { tools: given, looked, written, swept } = tools();

    const report = await sweepPass(given);

    expect(looked).toEqual(["2026-01-02 2026-01-02T21:58:30.000Z 2026-01-02T22:04:30.000Z"]);
    expect(swept).toEqual([RUN]);
    expect(written).toEqual(["2026-01-02T22:04:30.000Z"]);
    expect(report).toEqual({
      swept: 1,
      withdrawn: 2,
      notWithdrawn: 0,
      left: 0,
      sweptTo: "2026-01-02T22:04:30.000Z",
    });
  });

  const LONG_AGO = {
    sweptTo: Date.parse("2025-12-31T23:00:00.000Z"),
    taken: new Map<string, readonly string[]>(),
  };

  test("goes day by day, the last first, through the time in which nobody swept", async () => {
    const { tools: given, looked } = tools({ readProgress: async () => LONG_AGO });

    await sweepPass(given);

    expect(looked).toEqual([
      "2026-01-02 2026-01-02T00:00:00.000Z 2026-01-02T22:04:30.000Z",
      "2026-01-01 2026-01-01T00:00:00.000Z 2026-01-01T23:59:59.999Z",
      "2025-12-31 2025-12-31T22:55:00.000Z 2025-12-31T23:59:59.999Z",
    ]);
  });

  test.for<readonly [string, SweepTools["sweepRun"]]>([
    ["fails", () => Promise.reject(new Error("throttled"))],
    [
      "still has a command standing",
      async () => ({ is: "standing", withdrawn: [], notWithdrawn: 1 }),
    ],
  ])("begins the next time before a run that %s", async ([, sweepRunOnce]) => {
    const { tools: given, written } = tools({ sweepRun: sweepRunOnce });

    const { left } = await sweepPass(given);

    expect(left).toBe(1);
    expect(written).toEqual(["2026-01-02T21:59:59.000Z"]);
  });

  test("that has no time for the days before comes back to them, however long ago they are", async () => {
    const times = [true, true, false];
    const { tools: given, written } = tools({
      readProgress: async () => LONG_AGO,
      hasTime: () => times.shift() === true,
    });

    await sweepPass(given);

    expect(written).toEqual(["2025-12-31T23:00:00.000Z"]);
  });

  test("that has no time for all runs of a day comes back to those that it did not try, however long ago they are", async () => {
    // For three days, and one run.
    const times = [true, true, true, true, false];
    const written: SweepProgress[] = [];
    const open = ["23:10", "23:20", "23:30"].map((time) => ({
      ...OPEN,
      run: time,
      requestedAt: `2025-12-31T${time}:00.000Z`,
    }));
    const { tools: given } = tools({
      readProgress: async () => LONG_AGO,
      writeProgress: async (progress) => void written.push(progress),
      findOpenRuns: async (day) => ({ open: day === "2025-12-31" ? open : [], unreadable: [] }),
      hasTime: () => times.shift() === true,
      sweepRun: async () => ({ is: "swept", withdrawn: [], notWithdrawn: 0 }),
    });

    const { swept, left } = await sweepPass(given);

    expect([swept, left]).toEqual([1, 2]);
    expect(written.map(({ sweptTo }) => new Date(sweptTo).toISOString())).toEqual([
      "2025-12-31T23:10:00.000Z",
    ]);
  });

  test("of which one day cannot be read ends the runs of the others, keeps where it was, and fails", async () => {
    const {
      tools: given,
      written,
      swept,
    } = tools({
      readProgress: async () => LONG_AGO,
      findOpenRuns: async (day) => {
        if (day === "2026-01-01") throw new Error("throttled");
        return { open: day === "2026-01-02" ? [OPEN] : [], unreadable: [] };
      },
    });

    await expect(sweepPass(given)).rejects.toThrow("throttled");
    expect([swept, written]).toEqual([[RUN], ["2026-01-01T00:00:00.000Z"]]);
  });

  test("ends the newest first, and a few at once, so that one that stalls keeps nobody waiting", async () => {
    const begun: string[] = [];
    let letGo = (): void => undefined;
    const stalled = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const open = ["21:59:57", "21:59:59", "21:59:58"].map((time) => ({
      ...OPEN,
      run: time,
      requestedAt: `2026-01-02T${time}.000Z`,
    }));
    const { tools: given } = tools({
      findOpenRuns: async () => ({ open, unreadable: [] }),
      sweepRun: async ({ run }) => {
        begun.push(run);
        if (begun.length === 1) await stalled;
        if (begun.length === 3) letGo();
        return { is: "swept", withdrawn: [], notWithdrawn: 0 };
      },
    });

    const { swept } = await sweepPass(given);

    expect([swept, begun]).toEqual([3, ["21:59:59", "21:59:58", "21:59:57"]]);
  });

  test("leaves to the next what it took back of a run that still stands, and hands over what the one before left", async () => {
    const handed: (readonly string[])[] = [];
    const left: unknown[] = [];
    const { tools: given } = tools({
      readProgress: async () => ({ sweptTo: NOW - 390_000, taken: new Map([[RUN, ["alarm"]]]) }),
      writeProgress: async ({ taken }) => void left.push([...taken]),
      sweepRun: async (_, takenBefore) => {
        handed.push(takenBefore);
        return { is: "standing", withdrawn: ["hall_lamp"], notWithdrawn: 1 };
      },
    });

    await sweepPass(given);

    expect(handed).toEqual([["alarm"]]);
    expect(left).toEqual([[[RUN, ["alarm", "hall_lamp"]]]]);
  });

  test("without time leaves what it found to the next one", async () => {
    const times = [true, false];
    const { tools: given, swept, written } = tools({ hasTime: () => times.shift() === true });

    await sweepPass(given);

    expect(swept).toEqual([]);
    expect(written).toEqual(["2026-01-02T21:59:59.000Z"]);
  });
});
