import { beforeEach, expect, test, vi } from "vitest";
import { putRecord } from "#adapters/audit-table.ts";
import { deleteSchedule, writeSchedule } from "#adapters/home-schedules.ts";
import { recordFiring } from "#adapters/runs/firings.ts";
import { listHomes, readMeta, readScheduleItems } from "#adapters/schedule-table.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { HomeError } from "#domain/home-error.ts";
import { type Schedule, scheduleRecord } from "#domain/schedule/schedule.ts";
import { handler } from "../../functions/refresh-sun-schedules/handler.ts";
import { META, SCHEDULE } from "../domain/schedule/a-schedule.ts";
import { lambdaContext } from "./lambda-context.ts";

const scheduler = vi.hoisted(() => ({ place: vi.fn(), placeSingles: vi.fn(), remove: vi.fn() }));

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
});
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: () => scheduler }));
vi.mock("#adapters/audit-table.ts", () => ({ putRecord: vi.fn() }));
vi.mock("#adapters/runs/firings.ts", () => ({ recordFiring: vi.fn() }));
vi.mock("#adapters/home-schedules.ts", () => ({ deleteSchedule: vi.fn(), writeSchedule: vi.fn() }));
vi.mock("#adapters/schedule-table.ts", () => ({
  listHomes: vi.fn(),
  readMeta: vi.fn(),
  readScheduleItems: vi.fn(),
}));

const EVENING: Schedule = { ...SCHEDULE, schedule: "evening", when: "sunset +30m" };
const NOW = "2026-12-01T02:20:00.000Z";
const BERLIN = { latitude: 52.52, longitude: 13.405 };

let records: Readonly<Record<string, readonly unknown[]>>;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW), toFake: ["Date"] });
  for (const mock of Object.values(scheduler)) mock.mockReset();
  scheduler.placeSingles.mockResolvedValue(2);
  for (const mock of [putRecord, recordFiring, deleteSchedule, writeSchedule]) {
    vi.mocked(mock).mockReset().mockResolvedValue();
  }
  records = { home: [scheduleRecord(EVENING)] };
  vi.mocked(listHomes)
    .mockReset()
    .mockImplementation(() => Promise.resolve(Object.keys(records).map(parseHomeId)));
  vi.mocked(readScheduleItems)
    .mockReset()
    .mockImplementation((_, home) => Promise.resolve(records[home] ?? []));
  vi.mocked(readMeta)
    .mockReset()
    .mockResolvedValue({ ...META, position: BERLIN });
});

const refresh = (): Promise<unknown> => handler({}, lambdaContext());

const REFRESH = { at: NOW, homes: 1, schedules: 1, placed: 0, failures: [] };

const recorded = (): readonly unknown[] => vi.mocked(putRecord).mock.calls;

// REQ: schedule-sun-refreshed
test("the coming firings of every home's schedules are placed, and that it was done is recorded", async () => {
  records = { home: [scheduleRecord(EVENING), scheduleRecord(SCHEDULE)], empty: [] };

  const done = await refresh();

  expect(done).toEqual({ ...REFRESH, homes: 2, schedules: 2, placed: 4 });
  expect(
    scheduler.placeSingles.mock.calls.map(([schedule, site]) => [
      (schedule as Schedule).schedule,
      (site as { readonly position: unknown }).position,
    ]),
  ).toEqual([
    ["evening", BERLIN],
    ["goodnight_weekdays", BERLIN],
  ]);
  expect(recorded()).toEqual([
    [
      "audit",
      {
        PK: "SUN#REFRESHES",
        SK: NOW,
        v: 1,
        ...REFRESH,
        homes: 2,
        schedules: 2,
        placed: 4,
      },
    ],
  ]);
  expect(vi.mocked(readMeta).mock.calls.map(([, home]) => home)).toEqual(["home"]);
});

test("a hundred homes all have their turn", async () => {
  const ids = Array.from({ length: 100 }, (_, i) => `home${i}`);
  records = Object.fromEntries(
    ids.map((home) => [home, [scheduleRecord({ ...EVENING, home: parseHomeId(home) })]]),
  );

  expect(await refresh()).toMatchObject({ homes: 100, schedules: 100, placed: 200 });
});

test("what schedule_scene could not tell the scheduler is told now", async () => {
  const waiting: Schedule = { ...EVENING, standing: "to_place" };
  const leaving: Schedule = { ...SCHEDULE, standing: "to_remove" };
  records = { home: [scheduleRecord(waiting), scheduleRecord(leaving)] };

  await refresh();

  expect(scheduler.place.mock.calls.map(([schedule]) => schedule as Schedule)).toEqual([waiting]);
  expect(vi.mocked(writeSchedule).mock.calls).toEqual([
    ["home", { ...waiting, standing: "placed" }, waiting],
  ]);
  expect(scheduler.remove.mock.calls.map(([schedule]) => schedule as Schedule)).toEqual([leaving]);
  expect(vi.mocked(deleteSchedule).mock.calls).toEqual([["home", leaving]]);
});

test("a time that the clocks leapt over since the day before is told in the history", async () => {
  vi.setSystemTime("2026-03-29T02:20:00Z");
  records = { home: [scheduleRecord({ ...SCHEDULE, when: "at 02:30 daily" })] };

  await refresh();

  expect(vi.mocked(recordFiring).mock.calls.map(([table, firing]) => [table, firing.why])).toEqual([
    ["audit", "02:30 did not exist that night."],
  ]);
});

test("a home that is itself to blame keeps no other waiting, and is no reason to try again", async () => {
  records = { broken: [{ SK: "evening" }], home: [scheduleRecord(EVENING)] };
  scheduler.placeSingles
    .mockReset()
    .mockRejectedValue(new HomeError("PositionMissing", "Nobody told."));

  const done = await refresh();

  expect(done).toMatchObject({
    homes: 2,
    placed: 0,
    failures: ["broken evening: FormatUnknown", "home evening: PositionMissing"],
  });
});

test("what AWS refuses is recorded and thrown, once every other home had its turn", async () => {
  records = { home: [scheduleRecord(EVENING)], other: [] };
  scheduler.placeSingles
    .mockReset()
    .mockRejectedValue(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));

  await expect(refresh()).rejects.toThrow(
    "1 schedules or homes could not be refreshed, home evening: ThrottlingException",
  );
  expect(recorded()).toMatchObject([
    ["audit", { homes: 2, failures: ["home evening: ThrottlingException"] }],
  ]);
});

test("of many failures a record keeps fifty", async () => {
  records = {
    home: Array.from({ length: 60 }, (_, i) => ({ SK: `s${i}` })),
  };

  expect((await refresh()) as { failures: readonly string[] }).toMatchObject({
    failures: { length: 50 },
  });
});
