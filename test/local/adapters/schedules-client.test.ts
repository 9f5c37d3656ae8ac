import { GetScheduleCommand, ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Scheduler } from "#adapters/schedules-client.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import { SCHEDULE } from "../../domain/schedule/a-schedule.ts";
import {
  FUNCTION_ARN,
  plannedAt,
  QUEUE_ARN,
  ROLE_ARN,
  startTestScheduler,
  type TestScheduler,
} from "../scheduler/test-scheduler.ts";

const NOW = "2026-12-01T02:20:00Z";
const BERLIN = { position: { latitude: 52.52, longitude: 13.405 } };
const EVENING: Schedule = { ...SCHEDULE, schedule: "evening", when: "sunset +30m" };

let aws: TestScheduler;
let scheduler: Scheduler;

beforeEach(async () => {
  aws = await startTestScheduler({
    now: NOW,
    groups: [{ name: "smarthome-schedules", properties: { Name: "smarthome-schedules" } }],
  });
  const { url, client } = aws.endpoint;
  for (const [name, value] of Object.entries({
    POWERTOOLS_TRACE_ENABLED: "false",
    AWS_ENDPOINT_URL: url,
    AWS_REGION: client.region,
    AWS_ACCESS_KEY_ID: client.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: client.credentials.secretAccessKey,
    SCHEDULE_GROUP: "smarthome-schedules",
    SCHEDULE_ROLE_ARN: ROLE_ARN,
    START_SCHEDULED_SCENE_ARN: FUNCTION_ARN,
    SCHEDULE_DEAD_LETTERS_ARN: QUEUE_ARN,
  })) {
    vi.stubEnv(name, value);
  }
  // The client of AWS is made with the module, and each test has an endpoint of its own.
  vi.resetModules();
  const { stageScheduler } = await import("#adapters/schedules-client.ts");
  scheduler = stageScheduler(aws.clock.nowMs);
});
afterEach(async () => {
  await aws.close();
  vi.unstubAllEnvs();
});

const names = async (): Promise<readonly (string | undefined)[]> => {
  const { Schedules = [] } = await aws.client.send(new ListSchedulesCommand({}));
  return Schedules.map(({ Name }) => Name).toSorted();
};

const expressionOf = async (Name: string): Promise<string | undefined> =>
  (await aws.client.send(new GetScheduleCommand({ GroupName: "smarthome-schedules", Name })))
    .ScheduleExpression;

test("a schedule is placed, replaced by what its record says, and taken away, each as often as one likes", async () => {
  await scheduler.place(SCHEDULE, {});
  await scheduler.place(SCHEDULE, {});
  expect(await expressionOf("home.goodnight_weekdays")).toBe(
    "cron(45 22 ? * MON,TUE,WED,THU,FRI *)",
  );

  await scheduler.place({ ...SCHEDULE, version: 4, when: "at 23:00 daily" }, {});
  expect(await expressionOf("home.goodnight_weekdays")).toBe("cron(0 23 * * ? *)");

  await scheduler.remove(SCHEDULE, {});
  await scheduler.remove(SCHEDULE, {});
  expect(await names()).toEqual([]);
});

test("one that goes by the sun from now on leaves nothing of its clock behind, and the other way round only what is refused", async () => {
  await scheduler.place({ ...EVENING, when: "at 17:00 daily" }, BERLIN);

  await scheduler.place({ ...EVENING, version: 4 }, BERLIN);

  expect(await names()).toEqual(["home.evening.4.20261201T1526", "home.evening.4.20261202T1525"]);
});

test("what is taken away takes its single firings along, also where nobody knows the home's place any more", async () => {
  await scheduler.place(EVENING, BERLIN);

  await scheduler.remove(EVENING, {});
  expect(await names()).toHaveLength(2);
  await scheduler.remove(EVENING, BERLIN);

  expect(await names()).toEqual([]);
});

// REQ: schedule-sun-refreshed
test("refreshed daily, every sunset of a winter fires once, though every third refresh fails and each other one is done twice", async () => {
  const DAYS = 90;
  const dayOf = (day: number): string => new Date(Date.parse(NOW) + day * 86_400_000).toISOString();
  await scheduler.place(EVENING, BERLIN);

  for (let day = 1; day <= DAYS; day += 1) {
    await aws.goTo(dayOf(day));
    if (day % 3 === 0) continue;
    await scheduler.placeSingles(EVENING, BERLIN);
    expect(await scheduler.placeSingles(EVENING, BERLIN)).toBe(0);
  }

  const days = plannedAt(aws).map((at) => at.slice(0, 10));
  expect(days).toEqual(Array.from({ length: DAYS }, (_, day) => dayOf(day).slice(0, 10)));
});
