import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { accessTo } from "#domain/access/home-access.ts";
import { firingRecord } from "#domain/audit/firing-record.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { type HomeMeta, metaRecord } from "#domain/home/home-meta.ts";
import { HomeError } from "#domain/home-error.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import {
  putCoverClass,
  putSceneSchedules,
  putSettings,
} from "../../../scripts/homes/home-settings.ts";
import { GOODNIGHT_WEEKDAYS } from "../../domain/schedule/goodnight-weekdays.ts";
import { AT_HOME } from "../../support/at-home.ts";
import type { TestDynamoDb } from "../dynamodb/test-table.ts";
import { startHomeTable } from "./home-table.ts";

const TABLE = "Home";
const ACCESS = accessTo(
  {
    homes: [{ home: AT_HOME.home, role: "resident", name: "Home" }],
    isOperatorOfAll: false,
  },
  undefined,
);
const META: HomeMeta = {
  home: AT_HOME.home,
  name: "Home",
  timeZone: "Europe/Berlin",
  state: "active",
  createdAt: "2026-01-01T00:00:00.000Z",
};

let db: TestDynamoDb;
let schedules: typeof import("#adapters/home-schedules.ts");

beforeAll(async () => {
  db = await startHomeTable(TABLE);
  // The client is made when the adapter is loaded.
  schedules = await import("#adapters/home-schedules.ts");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await db.close();
});
beforeEach(async () => {
  for (const one of await schedules.readSchedules(TABLE, ACCESS)) {
    await schedules.deleteSchedule(TABLE, one);
  }
});

const put = (item: Readonly<Record<string, unknown>>) =>
  db.client.send(new PutItemCommand({ TableName: TABLE, Item: marshall(item) }));

const codeOf = async (act: Promise<unknown>): Promise<string | undefined> => {
  try {
    await act;
  } catch (error) {
    if (error instanceof HomeError) return error.code;
    throw error;
  }
  return undefined;
};

describe("a home's schedules", () => {
  const next: Schedule = { ...GOODNIGHT_WEEKDAYS, version: 2, when: "at 23:00 daily" };

  test("are read as they were written, and are gone when they were deleted", async () => {
    await schedules.writeSchedule(TABLE, GOODNIGHT_WEEKDAYS, undefined);
    const written = await schedules.readSchedules(TABLE, ACCESS);
    await schedules.deleteSchedule(TABLE, GOODNIGHT_WEEKDAYS);

    expect(written).toEqual([GOODNIGHT_WEEKDAYS]);
    expect(await schedules.readSchedules(TABLE, ACCESS)).toEqual([]);
  });

  test("of two who make one of a name, or change one, or delete it, one does", async () => {
    const { writeSchedule, deleteSchedule } = schedules;
    await writeSchedule(TABLE, GOODNIGHT_WEEKDAYS, undefined);

    const made = await codeOf(writeSchedule(TABLE, next, undefined));
    const first = await codeOf(writeSchedule(TABLE, next, GOODNIGHT_WEEKDAYS));
    const second = await codeOf(
      writeSchedule(TABLE, { ...next, when: "at 22:00 daily" }, GOODNIGHT_WEEKDAYS),
    );
    const other = await codeOf(
      writeSchedule(TABLE, { ...next, version: 3 }, { ...next, standing: "to_place" }),
    );
    const deleted = await codeOf(deleteSchedule(TABLE, GOODNIGHT_WEEKDAYS));

    expect([made, first, second, other, deleted]).toEqual([
      "ScheduleChanged",
      undefined,
      "ScheduleChanged",
      "ScheduleChanged",
      "ScheduleChanged",
    ]);
    expect(await schedules.readSchedules(TABLE, ACCESS)).toEqual([next]);
  });

  // REQ: lost-answer
  test("are changed and deleted also where the answer got lost, and the SDK asked again", async () => {
    const { writeSchedule, deleteSchedule } = schedules;
    await writeSchedule(TABLE, GOODNIGHT_WEEKDAYS, undefined);

    const made = await codeOf(writeSchedule(TABLE, GOODNIGHT_WEEKDAYS, undefined));
    await writeSchedule(TABLE, next, GOODNIGHT_WEEKDAYS);
    const changed = await codeOf(writeSchedule(TABLE, next, GOODNIGHT_WEEKDAYS));
    await deleteSchedule(TABLE, next);
    const deleted = await codeOf(deleteSchedule(TABLE, next));

    expect([made, changed, deleted]).toEqual([undefined, undefined, undefined]);
  });

  test("have their newest firings first, and no others'", async () => {
    const firing = {
      home: AT_HOME.home,
      schedule: "evening",
      name: "Evening",
      scene: "movie_night",
      kind: "fired",
      plannedAt: "2026-11-26T16:00:00.000Z",
      startedAt: "2026-11-26T16:00:05.000Z",
    } as const;
    await put(firingRecord(firing));
    await put(firingRecord({ ...firing, plannedAt: "2026-11-27T16:00:00.000Z", kind: "missed" }));
    await put(firingRecord({ ...firing, schedule: "evenings" }));

    const newest = await schedules.readNewestFirings(TABLE, ACCESS, "evening", 5);

    expect(newest.map(({ plannedAt, kind }) => `${plannedAt} ${kind}`)).toEqual([
      "2026-11-27T16:00:00.000Z missed",
      "2026-11-26T16:00:00.000Z fired",
    ]);
  });
});

describe("what a home's schedules go by", () => {
  const table = () => ({ dynamoDb: db.client, homeTable: TABLE });
  const item = async (SK: string) => {
    const { Item = {} } = await db.client.send(
      new GetItemCommand({ TableName: TABLE, Key: marshall({ PK: "HOME#home", SK }) }),
    );
    return unmarshall(Item);
  };

  test("is written beside what is there, and read again", async () => {
    await put({ PK: "HOME#home", SK: "META", ...metaRecord(META) });

    await putSettings(table(), AT_HOME.home, { position: { latitude: 52.52, longitude: 13.405 } });
    await putSettings(table(), AT_HOME.home, { holidays: { "2026": ["2026-12-25"] } });

    expect(await schedules.readHomeMeta(TABLE, ACCESS)).toEqual({
      ...META,
      position: { latitude: 52.52, longitude: 13.405 },
      holidays: { "2026": ["2026-12-25"] },
    });
  });

  test("is not written to a home that was deleted, and nobody schedules there", async () => {
    await put({ PK: "HOME#home", SK: "META", ...metaRecord({ ...META, state: "deleted" }) });

    await expect(
      putSettings(table(), AT_HOME.home, { holidays: { "2026": [] } }),
    ).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    expect(await codeOf(schedules.readHomeMeta(TABLE, ACCESS))).toBe("HomeUnknown");
  });

  test("are its covers and its scenes too, of those that are there", async () => {
    await put({ PK: "HOME#home", SK: "DEVICE#gate", kind: "cover" });
    await put({ PK: "HOME#home", SK: "SCENE#away", name: "Away" });

    await putCoverClass(table(), AT_HOME.home, "gate", "gate");
    await putSceneSchedules(table(), AT_HOME.home, "away", false);

    expect(await item("DEVICE#gate")).toMatchObject({ kind: "cover", deviceClass: "gate" });
    expect(await item("SCENE#away")).toMatchObject({ name: "Away", schedules: false });
    await expect(
      putCoverClass(table(), parseHomeId("cabin"), "gate", "gate"),
    ).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });
});
