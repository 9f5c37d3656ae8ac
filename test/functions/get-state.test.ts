import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { getShadows, type VersionedShadow } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { A_HOME } from "../support/scenes/a-home.ts";
import { call, headersOf, READ_ONLY, RESIDENT, refusal } from "./called-home.ts";

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
vi.mock("#adapters/audit-table.ts", () => ({ putRecord: vi.fn() }));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const NOW = Date.parse("2026-11-27T22:00:00.000Z");

const shadow = (
  reported: ReportedState,
  said: Readonly<Record<string, number>> = {},
): VersionedShadow => ({
  version: 1,
  view: { reported, onlineSaidAtMs: Date.parse("2026-11-27T20:41:00.000Z") },
  saidAtMs: Object.fromEntries(
    Object.entries(said).map(([path, secondsAgo]) => [path, NOW - secondsAgo * 1000]),
  ),
});

const reports = (shadows: Readonly<Record<string, VersionedShadow>>): void => {
  vi.mocked(getShadows).mockImplementation(async (things) => {
    const found = things.flatMap((thing) => {
      const one = shadows[thing.replace("home-", "")];
      return one === undefined ? [] : [[thing, one] as const];
    });
    return new Map(found);
  });
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockReset().mockResolvedValue(A_HOME);
  vi.mocked(runWorkflow).mockReset();
  reports({
    ceiling: shadow(
      { light: { on: true, brightness: 40 }, online: true },
      { "light.on": 12, "light.brightness": 3_600 },
    ),
    hall_lamp: shadow({ light: { on: false }, online: true }, { "light.on": 5 }),
    front_door: shadow({ lock: { locked: false }, online: true }, { "lock.locked": 60 }),
    blind: shadow({ cover: { position: 0 }, online: false }, { "cover.position": 90 }),
    radio: shadow({ media: { playback: "paused" }, online: true }),
    heating: shadow({ climate: { mode: "heat", targetC: 20.5, currentC: 19 }, online: true }),
    window: shadow({ contact: { open: true }, online: true }, { "contact.open": 700 }),
    outside: shadow({ temperature: { celsius: 3.5 }, online: true }),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

// REQ: state-with-age
test("each value is told with how old it is, and whoever is offline since when", async () => {
  const answer = await call("get_state", { devices: ["Ceiling", "Blind"] }, headersOf(READ_ONLY));

  expect(answer).toEqual({
    say: "2 devices. On: Ceiling. Offline: Blind.",
    as_of: "2026-11-27T22:00:00.000Z",
    devices: [
      {
        device: "ceiling",
        name: "Ceiling",
        kind: "light",
        room: "Living room",
        state: "on, brightness 40 %",
        values: {
          "light.on": { is: true, age_s: 12 },
          "light.brightness": { is: 40, age_s: 3_600 },
        },
        connection: "online",
      },
      {
        device: "blind",
        name: "Blind",
        kind: "cover",
        room: "Living room",
        state: "closed",
        values: { "cover.position": { is: 0, age_s: 90 } },
        connection: "offline",
        offline_since: "2026-11-27T20:41:00.000Z",
      },
    ],
  });
  expect(runWorkflow).not.toHaveBeenCalled();
});

test("of one device it says how it is and how long ago it said so", async () => {
  expect(await call("get_state", { devices: "hall lamp" })).toMatchObject({
    say: "Hall lamp is off, as it reported 5 s ago.",
  });
  expect(await call("get_state", { devices: ["outside"] })).toMatchObject({
    say: "Outside: temperature 3.5 °C.",
    devices: [{ values: { "temperature.celsius": { is: 3.5 } } }],
  });
  expect(await call("get_state", { devices: ["Kettle"] })).toMatchObject({
    say: "Kettle has not reported how it is.",
    devices: [{ state: "not known", values: {}, connection: "unknown" }],
  });
});

test("is anything open or unlocked: sensors count, and what is not known is told apart", async () => {
  const answer = await call("get_state", { only: ["open", "unlocked"] });

  expect(answer).toMatchObject({
    say: "Open: Window. Unlocked: Front door. Not known for certain of Blind.",
    devices: [{ device: "front_door" }, { device: "window", state: "open" }],
    not_known: [
      {
        device: "blind",
        why: "it is offline since 2026-11-27T20:41:00.000Z; it last reported closed",
      },
    ],
  });
});

test("what is paused or heats is on; what never reported is not said to be off", async () => {
  const answer = await call("get_state", { devices: ["Ground floor"], only: "on" });

  expect(answer).toMatchObject({
    say: "On: Ceiling, Heating, Radio. Not known for certain of Shelf left, Kettle, Vacuum.",
  });
});

test("where nothing is so, it says as far as devices reported", async () => {
  expect(await call("get_state", { devices: ["Hall lamp"], only: ["ON"] })).toMatchObject({
    say: "Nothing is on, as far as devices reported.",
    devices: [],
  });
});

test("a group, a label and a room mean their devices", async () => {
  const names = async (devices: readonly string[]): Promise<unknown> =>
    ((await call("get_state", { devices })) as { devices: { device: string }[] }).devices.map(
      ({ device }) => device,
    );

  expect(await names(["All lights"])).toEqual(["shelf_left", "ceiling", "hall_lamp"]);
  expect(await names(["evening"])).toEqual(["ceiling", "kettle"]);
  expect(await names(["Bath"])).toEqual(["bath_fan", "mist"]);
});

test("a device of which nobody knows the words repeats nothing that cannot be read", async () => {
  reports({
    ceiling: shadow({
      light: { on: true, effect: "\u202eevil", "not a member": 1, mood: "x".repeat(65), deep: {} },
    }),
  });

  expect(await call("get_state", { devices: ["Ceiling"] })).toMatchObject({
    devices: [{ values: { "light.on": { is: true } }, connection: "unknown" }],
  });
});

test("an unknown device and an unknown word are refused with what there is", async () => {
  expect(await call("get_state", { devices: ["Atlantis"] })).toEqual(refusal("DeviceUnknown"));
  expect(await call("get_state", { only: ["broken"] })).toEqual(refusal("ArgumentsInvalid"));
});

test("an argument that there is not is named and passed over", async () => {
  expect(await call("get_state", { devices: ["Ceiling"], verbose: true })).toMatchObject({
    say: "Ceiling is on, brightness 40 %, as it reported 3600 s ago.",
    ignored_arguments: 'get_state has no argument "verbose"; it has devices, only, home. Ignored.',
  });
});
