// A Scheduler in a process of its own, to be killed: virtual hours pass as fast as its calls are answered, and each is
// printed when it is over.
import { startScheduler } from "#local/scheduler/scheduler.ts";
import type { Credentials } from "#local/wire/signature.ts";
import { ACCOUNT, REGION } from "../endpoint/test-endpoint.ts";
import { FUNCTION_ARN, ROLE_ARN, virtualClock } from "./test-scheduler.ts";

const [file = "", endpoint = "", credentials = "{}", from = "", until = ""] = process.argv.slice(2);
const clock = virtualClock(from);
const access = {
  endpoint,
  region: REGION,
  credentials: JSON.parse(credentials) as Credentials,
};
const scheduler = await startScheduler({
  file,
  region: REGION,
  accountId: ACCOUNT,
  access: () => access,
  clock,
  schedules: ["one", "two", "three"].map((name) => ({
    name,
    properties: {
      ScheduleExpression: "cron(0/10 * * * ? *)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        Input: `{"plannedAt":"${name} <aws.scheduler.scheduled-time>"}`,
      },
    },
  })),
});
while (clock.nowMs() < Date.parse(until)) {
  const next = new Date(clock.nowMs() + 3_600_000).toISOString();
  await clock.goTo(next, () => scheduler.idle());
  process.stdout.write(`${next}\n`);
}
await scheduler.close();
