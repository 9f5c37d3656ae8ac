import { CreateScheduleCommand, type CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import { afterEach, expect, test } from "vitest";
import {
  FUNCTION_ARN,
  ROLE_ARN,
  startTestScheduler,
  type TestScheduler,
} from "./test-scheduler.ts";

let house: TestScheduler | undefined;
const started = async (options: Parameters<typeof startTestScheduler>[0] = {}) => {
  house = await startTestScheduler(options);
  return house;
};
afterEach(async () => {
  await house?.close();
});

const schedule = (
  given: Partial<CreateScheduleCommandInput> & { readonly ScheduleExpression: string },
) =>
  new CreateScheduleCommand({
    Name: "evening",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: FUNCTION_ARN,
      RoleArn: ROLE_ARN,
      Input:
        '{"plannedAt":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}',
    },
    ...given,
  });

test("a rate of a minute invokes the function in the minute that it was made in, and each minute from then on", async () => {
  const { client, goTo, lambda } = await started({ now: "2026-06-01T12:00:20Z" });

  await client.send(schedule({ ScheduleExpression: "rate(1 minute)" }));
  await goTo("2026-06-01T12:02:59Z");

  expect(lambda.received).toEqual(
    ["2026-06-01T12:00:00Z", "2026-06-01T12:01:00Z", "2026-06-01T12:02:00Z"].map((plannedAt) => ({
      path: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Astart/invocations",
      body: { plannedAt, attempt: "1" },
      invocationType: "Event",
      caller: "arn:aws:sts::000000000000:assumed-role/Schedules/local",
    })),
  );
});
