import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  ListSchedulesCommand,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { unplaceHome } from "../../../scripts/homes/unplace-home.ts";
import {
  FUNCTION_ARN,
  ROLE_ARN,
  startTestScheduler,
  type TestScheduler,
} from "../scheduler/test-scheduler.ts";

let scheduler: TestScheduler;

beforeAll(async () => {
  scheduler = await startTestScheduler();
});
afterAll(() => scheduler.close());

const GroupName = "smarthome-schedules";

test("a home that is deleted leaves nothing with the scheduler, and takes nothing of another home", async () => {
  await scheduler.client.send(new CreateScheduleGroupCommand({ Name: GroupName }));
  for (const Name of ["maple.evening", "maple.evening.1.20261127T1600", "maple_street.evening"]) {
    await scheduler.client.send(
      new CreateScheduleCommand({
        GroupName,
        Name,
        ScheduleExpression: "rate(1 day)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input: "{}" },
      }),
    );
  }

  await unplaceHome(
    { clientOptions: scheduler.endpoint.client, output: () => GroupName },
    parseHomeId("maple"),
  );

  const { Schedules = [] } = await scheduler.client.send(new ListSchedulesCommand({ GroupName }));
  expect(Schedules.map(({ Name }) => Name)).toEqual(["maple_street.evening"]);
});
