import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { putFirstRecord, readRun } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { readApproval } from "#adapters/plan-records.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { isObject } from "#domain/json.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { runResult } from "#domain/run/run-result.ts";
import { A_HOME } from "../support/scenes/a-home.ts";
import { call, headersOf, MACHINE, READ_ONLY, RESIDENT, refusal } from "./called-home.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
  vi.stubEnv(
    "RUN_SCENE_STATE_MACHINE_ARN",
    "arn:aws:states:us-east-1:000000000000:stateMachine:run-scene",
  );
});
vi.mock("#adapters/home-table.ts", () => ({ readHome: vi.fn(), readMemberships: vi.fn() }));
vi.mock("#adapters/audit-table.ts", () => ({
  hasOutcome: vi.fn().mockResolvedValue(false),
  readRun: vi.fn(),
  putRecord: vi.fn(),
  putFirstRecord: vi.fn(),
}));
vi.mock("#adapters/plan-records.ts", () => ({ readApproval: vi.fn(), readShownPlan: vi.fn() }));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
}));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const workflow = vi.mocked(runWorkflow);

const plan = () => {
  const input = workflow.mock.lastCall?.[2];
  const text = isObject(input) && typeof input.plan === "string" ? input.plan : "";
  return parsePlan(text, "the run");
};
/** What each device was asked. */
const asked = (): object =>
  Object.fromEntries(
    plan().stages.flatMap(({ commands }) => commands.map(({ device, want }) => [device, want])),
  );
const set = (devices: unknown, more: object = {}): Promise<unknown> =>
  call("set_devices", { devices, ...more });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-27T22:00:00.000Z") });
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockReset().mockResolvedValue(A_HOME);
  vi.mocked(getShadows).mockReset().mockResolvedValue(new Map());
  vi.mocked(readRun).mockReset();
  vi.mocked(readApproval).mockReset();
  vi.mocked(putFirstRecord).mockReset().mockResolvedValue(true);
  workflow.mockReset().mockResolvedValue({ is: "over", output: { result: "done" } });
});
afterEach(() => {
  vi.useRealTimers();
});

// REQ: set-without-scene
test("devices are set by a run like any other, without a scene that anybody saved", async () => {
  const answer = await set(
    [
      { device: "Ceiling", want: { brightness: 40 } },
      { device: "heating", want: { targetC: 19.5 } },
    ],
    { reason: "too bright", request_id: "r1" },
  );

  expect(answer).toEqual({ result: "done" });
  expect(asked()).toEqual({
    ceiling: { light: { on: true, brightness: 40 } },
    heating: { climate: { mode: "heat", targetC: 19.5 } },
  });
  expect(plan()).toMatchObject({ scene: "set-devices", sceneName: "Device change", leftOut: [] });
  expect(workflow.mock.lastCall?.[2]).toMatchObject({
    record: { scene: { S: "set-devices" }, reason: { S: "too bright" }, requestId: { S: "r1" } },
  });
});

test("everything off downstairs except the hall: lights, plugs and fans, and no lock", async () => {
  await set([{ device: "Ground floor", want: { on: false } }], { except: ["Hall"] });

  expect(asked()).toEqual({
    shelf_left: { light: { on: false } },
    ceiling: { light: { on: false } },
    kettle: { plug: { on: false } },
  });
  expect(plan().leftOut).toEqual(["hall_lamp"]);
});

test.each<[string, unknown, object]>([
  [
    "a word",
    [{ device: "Front door", want: "locked" }],
    { front_door: { lock: { locked: true } } },
  ],
  [
    "its kind",
    [{ device: "Radio", want: { media: { playback: "off" } } }],
    { radio: { media: { playback: "off" } } },
  ],
  [
    "a state beside values",
    [{ device: "Ceiling", want: { state: "on", brightness: 7 } }],
    { ceiling: { light: { on: true, brightness: 7 } } },
  ],
  [
    "numbers and truths as text",
    [{ device: "Ceiling", want: { on: "true", brightness: "40%" } }],
    { ceiling: { light: { on: true, brightness: 40 } } },
  ],
  [
    "Home Assistant's names",
    [{ device: "heating", want: { temperature: 18 } }],
    { heating: { climate: { mode: "heat", targetC: 18 } } },
  ],
  [
    "the list as its JSON text",
    '[{"device":"Kettle","want":{"on":true}}]',
    { kettle: { plug: { on: true } } },
  ],
  ["one object", { device: "Kettle", want: { on: true } }, { kettle: { plug: { on: true } } }],
  [
    "values beside the device",
    [{ device: "Kettle", on: false }],
    { kettle: { plug: { on: false } } },
  ],
  [
    "the state as its JSON text",
    [{ device: "Kettle", want: '{"on":false}' }],
    { kettle: { plug: { on: false } } },
  ],
  ["a truth", [{ device: "Kettle", want: true }], { kettle: { plug: { on: true } } }],
  [
    "null for what is not wanted",
    [{ device: "Kettle", want: { on: true, brightness: null }, kind: null }],
    { kettle: { plug: { on: true } } },
  ],
  [
    "a kind of a room",
    [{ device: "Living room", kind: "light", want: { brightness: 5 } }],
    {
      shelf_left: { light: { on: true, brightness: 5 } },
      ceiling: { light: { on: true, brightness: 5 } },
    },
  ],
  [
    "what one kind of a room alone can",
    [{ device: "Living room", want: "closed" }],
    { blind: { cover: { position: 0 } } },
  ],
  [
    "everything of a kind",
    [{ device: "everything", kind: "fan", want: "off" }],
    { bath_fan: { fan: { on: false } } },
  ],
])("a wish may be %s", async (_, devices, wanted) => {
  const answer = await set(devices);

  expect(answer).toEqual({ result: "done" });
  expect(asked()).toEqual(wanted);
});

test("a device that is named by itself holds against its room, in either order", async () => {
  const own = { device: "Ceiling", want: { brightness: 10 } };
  const room = { device: "Living room", want: { on: false } };
  const wanted = {
    ceiling: { light: { on: true, brightness: 10 } },
    shelf_left: { light: { on: false } },
  };

  await set([own, room]);
  expect(asked()).toEqual(wanted);
  await set([room, own]);
  expect(asked()).toEqual(wanted);
});

describe("refuses, and sends nothing", () => {
  test.each<[string, unknown, string, string]>([
    [
      "toggle",
      [{ device: "Kettle", want: "toggle" }],
      "StateInvalid",
      'Kettle: toggle is not accepted, because a repeated command would undo it. Send the wanted state, such as {"on":true}. Nothing was changed.',
    ],
    [
      "brightness in another scale",
      [{ device: "Ceiling", want: { brightness: 254 } }],
      "StateInvalid",
      "Ceiling: brightness must be 0-100 (percent); got 254. If you meant the 0-255 scale, send 100. Nothing was changed.",
    ],
    [
      "a step",
      [{ device: "Ceiling", want: { brightness: "+10" } }],
      "StateInvalid",
      'Ceiling: brightness must be 0-100 (percent); got "+10". Nothing was changed.',
    ],
    [
      "a contradiction",
      [{ device: "Ceiling", want: { on: false, brightness: 40 } }],
      "StateInvalid",
      "Ceiling: on: false goes with nothing else, and here stands brightness too. Nothing was changed.",
    ],
    [
      "a sensor",
      [{ device: "Window", want: "closed" }],
      "StateInvalid",
      "Window is a sensor, which reports and is never commanded. Call get_state to read it. Nothing was changed.",
    ],
    [
      "another kind's word",
      [{ device: "Kettle", want: "locked" }],
      "StateInvalid",
      'Kettle: its state must be one of on, off, true, false; got "locked". It is a plug; send such as {"plug":{"on":false}}. Nothing was changed.',
    ],
    [
      "a room without such",
      [{ device: "Garden", want: "off" }],
      "StateInvalid",
      '"Garden" has nothing that could be "off". Name the device itself, or another state. Nothing was changed.',
    ],
    [
      "two states",
      [
        { device: "Kettle", want: "on" },
        { device: "kettle", want: "off" },
      ],
      "StateInvalid",
      'Kettle is asked for two states: {"plug":{"on":true}} and {"plug":{"on":false}}. Send the one that is wanted. Nothing was changed.',
    ],
    [
      "no state",
      [{ device: "Kettle", want: 5 }],
      "StateInvalid",
      'The state of "Kettle" is 5. It must be a word such as "off", "locked" or "closed", or values such as {"on":true,"brightness":40}, {"position":0}, {"targetC":19}. Nothing was changed.',
    ],
    [
      "a kind that there is not",
      [{ device: "Hall", kind: "toaster", want: "on" }],
      "StateInvalid",
      '"toaster" is no kind of device. Nothing was changed.',
    ],
  ])("%s", async (_, devices, code, message) => {
    expect(await set(devices)).toEqual({ error: { code, message } });
    expect(workflow).not.toHaveBeenCalled();
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["an empty list", []],
    ["a name alone", ["Kettle"]],
    ["no device", [{ want: "on" }]],
    ["no want", [{ device: "Kettle" }]],
    ["a device that is none", [{ device: 3, want: "on" }]],
    ["what belongs into want", [{ device: "Kettle", want: "on", brightness: 3 }]],
    ["a hidden letter", [{ device: "Ket\u202etle", want: "on" }]],
    ["a book", [{ device: "Kettle", want: { on: true, note: "x".repeat(1_000) } }]],
  ])("%s", async (_, devices) => {
    expect(await set(devices)).toEqual(refusal("ArgumentsInvalid"));
    expect(workflow).not.toHaveBeenCalled();
  });

  test("an unknown device, and a guest", async () => {
    expect(await set([{ device: "Atlantis", want: "on" }])).toEqual(refusal("DeviceUnknown"));
    expect(
      await call(
        "set_devices",
        { devices: [{ device: "Kettle", want: "on" }] },
        headersOf(READ_ONLY),
      ),
    ).toEqual(refusal("NotAllowed"));
    expect(workflow).not.toHaveBeenCalled();
  });

  test("what lets somebody in, to a machine", async () => {
    const unlock = { devices: [{ device: "Front door", want: "unlocked" }] };

    expect(await call("set_devices", unlock, MACHINE)).toEqual(refusal("NeedsApproval"));
    expect(workflow).not.toHaveBeenCalled();
  });
});

test("to unlock is asked for first, and the answer says which call runs it then", async () => {
  const answer = await set([{ device: "Front door", want: "unlocked" }]);

  const approval = isObject(answer) ? String(answer.approval_id) : "";
  expect(answer).toMatchObject({
    result: "needs_approval",
    needs_approval: [{ device: "front_door", what: "unlock" }],
    say: "Device change would unlock Front door. A person who lives there must approve that first. Nothing was sent.",
    next: `Show the user what would be done. Only after they have said yes, call set_devices with {"devices":[{"device":"Front door","want":"unlocked"}],"approval_id":"${approval}"}; it works once, for this plan, until expires_at.`,
  });
  expect(workflow).not.toHaveBeenCalled();
});

test("who did not answer is asked again by a call that says its state", async () => {
  await set([
    { device: "Ceiling", want: { brightness: 40 } },
    { device: "Kettle", want: "off" },
  ]);

  const result = runResult(
    { id: "run_0123456789abcdefghjk", requestedAt: "2026-11-27T22:00:00.000Z" },
    plan(),
    "sha256:abc",
    plan().stages.flatMap(({ commands }) =>
      commands.map(({ device, name, want, windowSeconds }) => ({
        device,
        name,
        stage: 0,
        stageName: "all at once",
        outcome: device === "kettle" ? ("offline" as const) : ("confirmed" as const),
        asked: want,
        windowSeconds,
      })),
    ),
    "2026-11-27T22:00:02.000Z",
  );

  expect(result.say).toBe(
    "Device change: 1 of 2 devices confirmed. Kettle is offline and did not answer.",
  );
  expect(result.devices_not_confirmed[0]?.next).toBe(
    'Its command was withdrawn. Bring it back online, then call set_devices with {"devices":[{"device":"kettle","want":{"plug":{"on":false}}}]} again.',
  );
});

test("a request id that was used for other states is not that run", async () => {
  await set([{ device: "Kettle", want: "on" }], { request_id: "r1" });
  const first = plan();
  workflow.mockResolvedValue({ is: "over", output: { isAlreadyRequested: true } });
  vi.mocked(readRun).mockResolvedValue({
    request: {
      id: "run_0123456789abcdefghjk",
      scene: "set-devices",
      caller: { sub: "sub-anna", clientId: "client-web", username: "anna", scopes: ["write"] },
      role: "resident",
      requestedAt: "2026-11-27T22:00:00.000Z",
    },
    plan: first,
    planHash: "sha256:abc",
    acknowledgements: [],
    conclusion: { outcomes: [], finishedAt: "2026-11-27T22:00:02.000Z" },
  });

  const other = await set([{ device: "Kettle", want: "off" }], { request_id: "r1" });
  const same = await set([{ device: "Kettle", want: "on" }], { request_id: "r1" });

  expect(other).toEqual(refusal("RequestIdReused"));
  expect(same).toHaveProperty("repeated");
});
