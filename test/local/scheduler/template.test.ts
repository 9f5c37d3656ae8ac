import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetScheduleCommand, ListScheduleGroupsCommand } from "@aws-sdk/client-scheduler";
import { afterEach, expect, test } from "vitest";
import {
  FUNCTION_ARN,
  plannedAt,
  ROLE_ARN,
  schedule,
  startTestScheduler,
  type TestScheduler,
} from "./test-scheduler.ts";

let running: TestScheduler | undefined;
let folder: string | undefined;
afterEach(async () => {
  await running?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const declared = (ScheduleExpression: string, rest: object = {}) => ({
  groups: [{ name: "homes", properties: { Name: "homes", Tags: [{ Key: "a", Value: "b" }] } }],
  schedules: [
    {
      name: "refresh",
      properties: {
        Name: "refresh",
        GroupName: "homes",
        ScheduleExpression,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: FUNCTION_ARN,
          RoleArn: ROLE_ARN,
          Input: '{"plannedAt":"<aws.scheduler.scheduled-time>"}',
        },
        ...rest,
      },
    },
  ],
});

const started = async (template: ReturnType<typeof declared>) => {
  folder = mkdtempSync(join(tmpdir(), "scheduler-"));
  running = await startTestScheduler({
    now: "2026-06-01T11:59:30Z",
    file: join(folder, "scheduler.sqlite"),
    ...template,
  });
  return running;
};

// REQ: schedules-survive-restart
test("the template's schedule goes on over restarts that change nothing: its rate is not begun anew", async () => {
  const house = await started(declared("rate(10 minutes)", { StartDate: "2026-06-01T12:00:00Z" }));
  await house.goTo("2026-06-01T12:15:00Z");

  await house.stop();
  house.clock.set("2026-06-01T12:35:00Z");
  await house.start();
  await house.goTo("2026-06-01T12:45:00Z");

  expect(plannedAt(house)).toEqual(
    ["00", "10", "20", "30", "40"].map((minute) => `2026-06-01T12:${minute}:00Z`),
  );
});

test("what a changed schedule was to do before the change is done as it was, and then as it is now", async () => {
  const house = await started(declared("cron(0 * * * ? *)"));

  await house.stop();
  house.clock.set("2026-06-01T12:35:00Z");
  await house.start(declared("cron(0/20 * * * ? *)"));
  await house.goTo("2026-06-01T13:05:00Z");

  expect(plannedAt(house)).toEqual([
    "2026-06-01T12:00:00Z",
    "2026-06-01T12:40:00Z",
    "2026-06-01T13:00:00Z",
  ]);
});

test("what the template has no more is gone with what was made in its group, and the rest stays", async () => {
  const house = await started(declared("cron(0 * * * ? *)"));
  await house.client.send(schedule({ Name: "by-hand", ScheduleExpression: "rate(1 day)" }));
  await house.client.send(
    schedule({ Name: "in-group", GroupName: "homes", ScheduleExpression: "rate(1 day)" }),
  );

  await house.stop();
  await house.start({ groups: [], schedules: [] });

  const { ScheduleGroups = [] } = await house.client.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups.map(({ Name }) => Name)).toEqual(["default"]);
  const kept = await house.client.send(new GetScheduleCommand({ Name: "by-hand" }));
  expect(kept.Name).toBe("by-hand");
});

test("a schedule that AWS would refuse ends the start, and is named", async () => {
  await expect(started(declared("rate(10 seconds)"))).rejects.toMatchObject({
    code: "TemplateNotUnderstood",
    message: "Schedule refresh: Invalid Schedule Expression rate(10 seconds).",
  });
});
