import { beforeEach, describe, expect, test, vi } from "vitest";
import { readFirings, recordFiring } from "#adapters/runs/firings.ts";
import { readMeta, readSchedule } from "#adapters/schedule-table.ts";
import { HomeError } from "#domain/home-error.ts";
import { handler } from "../../functions/start-scheduled-scene/handler.ts";
import { META, PLANNED_AT, SCHEDULE } from "../domain/schedule/a-schedule.ts";
import { lambdaContext } from "./lambda-context.ts";

const callTool = vi.hoisted(() => vi.fn());

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("MACHINE_SECRET_ARN", "secret");
  vi.stubEnv("TOKEN_URL", "https://sign-in.example/oauth2/token");
  vi.stubEnv("GATEWAY_URL", "https://gateway.example/mcp");
});
vi.mock("node:timers/promises", () => ({ setTimeout: async () => undefined }));
vi.mock("#adapters/runs/firings.ts", () => ({ readFirings: vi.fn(), recordFiring: vi.fn() }));
vi.mock("#adapters/schedule-table.ts", () => ({ readMeta: vi.fn(), readSchedule: vi.fn() }));
vi.mock("#adapters/machine/machine-token.ts", () => ({ machineTokens: vi.fn() }));
vi.mock("#adapters/machine/tool-gateway.ts", () => ({ toolGateway: () => ({ callTool }) }));

const RUN = "run_00000000000000000000";

// As the scheduler hands it over: what it fills in is a text.
const EVENT = {
  home: "home",
  schedule: "goodnight_weekdays",
  version: 3,
  plannedAt: "2026-12-01T21:45:00Z",
  attempt: "1",
};

const FIRING = {
  home: "home",
  schedule: "goodnight_weekdays",
  name: "Goodnight weekdays",
  scene: "goodnight",
  plannedAt: PLANNED_AT,
  startedAt: "2026-12-01T21:45:12.000Z",
};

const answers = (structuredContent: unknown): void => {
  callTool.mockResolvedValue({ structuredContent });
};
const UNKNOWN = { structuredContent: { error: { code: "RunUnknown", message: "No such run." } } };

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-12-01T21:45:12Z"), toFake: ["Date"] });
  callTool.mockReset();
  vi.mocked(readMeta).mockReset().mockResolvedValue(META);
  vi.mocked(readSchedule).mockReset().mockResolvedValue(SCHEDULE);
  vi.mocked(readFirings).mockReset().mockResolvedValue([]);
  vi.mocked(recordFiring).mockReset().mockResolvedValue();
});

const fire = (event: unknown = EVENT): Promise<unknown> => handler(event, lambdaContext());

// REQ: schedule-through-gateway
test("a firing runs its scene through the gateway and records the run, its planned and its actual time", async () => {
  answers({ run_id: RUN, result: "done" });

  const end = await fire();

  expect(end).toEqual({ kind: "fired", run: RUN, result: "done" });
  expect(callTool.mock.calls).toEqual([
    [
      "home___run_scene",
      {
        home: "home",
        scene: "goodnight",
        request_id: "schedule goodnight_weekdays 20261201T2145Z",
        wait_s: 0,
        reason: "schedule Goodnight weekdays, planned Tuesday 2026-12-01 22:45 Europe/Berlin",
      },
    ],
  ]);
  expect(vi.mocked(recordFiring).mock.calls).toEqual([
    ["audit", { ...FIRING, kind: "fired", run: RUN, result: "done" }],
  ]);
});

test("a run that goes on is fired, and how it ends is left to its own record", async () => {
  answers({ run_id: RUN, result: "running" });

  expect(await fire()).toEqual({ kind: "fired", run: RUN });
  expect(vi.mocked(recordFiring).mock.calls).toEqual([
    ["audit", { ...FIRING, kind: "fired", run: RUN }],
  ]);
});

test("a run that goes on is fired once it is recorded, however many looks that takes", async () => {
  const running = { structuredContent: { run_id: RUN, result: "running" } };
  callTool
    .mockResolvedValueOnce(running)
    .mockResolvedValueOnce(UNKNOWN)
    .mockResolvedValueOnce(UNKNOWN)
    .mockResolvedValueOnce(running);

  const end = await fire();

  expect(end).toEqual({ kind: "fired", run: RUN });
  expect(callTool.mock.calls.slice(1)).toEqual(
    [1, 2, 3].map(() => ["home___get_run", { home: "home", run_id: RUN }]),
  );
});

// REQ: schedule-kept
test("a run of which nothing gets recorded has not fired: it is tried again, and kept", async () => {
  callTool
    .mockResolvedValue(UNKNOWN)
    .mockResolvedValueOnce({ structuredContent: { run_id: RUN, result: "running" } });

  await expect(fire()).rejects.toThrow("nothing of it is recorded");

  expect(vi.mocked(recordFiring).mock.calls).toEqual([
    [
      "audit",
      {
        ...FIRING,
        kind: "failed",
        code: "RunFailed",
        why: `The run ${RUN} was started, and nothing of it is recorded.`,
      },
    ],
  ]);
});

test("a refusal of the home is recorded and not tried again", async () => {
  answers({ error: { code: "NeedsApproval", message: "Garage door needs an approval." } });

  const end = await fire();

  expect(end).toMatchObject({ kind: "refused", code: "NeedsApproval" });
  expect(vi.mocked(recordFiring).mock.calls).toEqual([
    [
      "audit",
      {
        ...FIRING,
        kind: "refused",
        code: "NeedsApproval",
        why: "Garage door needs an approval.",
      },
    ],
  ]);
});

// REQ: schedule-kept
describe("what broke is recorded and thrown, so that Lambda tries again and keeps the event", () => {
  test.for<readonly [string, () => void, string, string]>([
    [
      "no token",
      () => callTool.mockRejectedValue(new HomeError("SignInFailed", "No token: HTTP 500.")),
      "SignInFailed",
      "No token: HTTP 500.",
    ],
    [
      "no gateway",
      () => callTool.mockRejectedValue(new HomeError("GatewayFailed", "The gateway: HTTP 503.")),
      "GatewayFailed",
      "The gateway: HTTP 503.",
    ],
    [
      "a workflow that broke off",
      () => answers({ error: { code: "RunFailed", message: "The run broke off." } }),
      "RunFailed",
      "The run broke off.",
    ],
    [
      "an error of AWS, whose words stay in the log",
      () =>
        callTool.mockRejectedValue(
          Object.assign(new Error("arn:aws:iam::1:role/x may not"), { name: "AccessDenied" }),
        ),
      "AccessDenied",
      "See the function's log.",
    ],
  ])("%s", async ([, happens, code, why]) => {
    happens();

    await expect(fire()).rejects.toThrow();

    expect(vi.mocked(recordFiring).mock.calls).toEqual([
      ["audit", { ...FIRING, kind: "failed", code, why }],
    ]);
  });
});

test("what the schedule's own rules leave out is recorded, and nobody is asked", async () => {
  vi.mocked(readSchedule).mockResolvedValue({ ...SCHEDULE, pausedUntil: "resumed" });

  const end = await fire();

  expect(end).toMatchObject({ kind: "skipped", code: "Paused" });
  expect(callTool).not.toHaveBeenCalled();
  expect(vi.mocked(recordFiring).mock.calls).toEqual([
    ["audit", { ...FIRING, kind: "skipped", code: "Paused", why: "The schedule was paused." }],
  ]);
});

test("a firing of a schedule that is gone leaves no trace but in the log", async () => {
  vi.mocked(readSchedule).mockResolvedValue(undefined);

  expect(await fire()).toEqual({ kind: "nothing" });
  expect(callTool).not.toHaveBeenCalled();
  expect(recordFiring).not.toHaveBeenCalled();
});

test("a firing that is delivered again is found in the record", async () => {
  vi.mocked(readFirings).mockResolvedValue([{ ...FIRING, home: SCHEDULE.home, kind: "fired" }]);

  expect(await fire()).toEqual({ kind: "nothing" });
  expect(callTool).not.toHaveBeenCalled();
});

test("a firing that somebody asks for by hand is recorded as one", async () => {
  answers({ run_id: RUN, result: "running" });

  await fire({ ...EVENT, byHand: true });

  expect(vi.mocked(recordFiring).mock.calls).toEqual([
    ["audit", { ...FIRING, kind: "fired", byHand: true, run: RUN }],
  ]);
});

test.for([null, {}, { ...EVENT, home: "Home!" }, { ...EVENT, plannedAt: "today" }])(
  "an event that is no scheduled call is refused: %j",
  async (event) => {
    await expect(fire(event)).rejects.toMatchObject({ code: "ScheduleInvalid" });
    expect(readSchedule).not.toHaveBeenCalled();
  },
);
