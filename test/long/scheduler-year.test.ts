import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { nextInstant } from "#domain/schedule/expressions/next-instant.ts";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import type { Clock } from "#local/scheduler/engine/clock.ts";
import { type Scheduler, startScheduler } from "#local/scheduler/scheduler.ts";
import { AwsError } from "#local/wire/aws-service.ts";
import { ACCOUNT, REGION, startTestEndpoint } from "../local/endpoint/test-endpoint.ts";
import {
  FUNCTION_ARN,
  plannedAt,
  ROLE_ARN,
  schedulesRole,
  standIn,
} from "../local/scheduler/test-scheduler.ts";

const START = "2026-01-01T00:00:30Z";
const END = "2027-01-01T00:00:00Z";
const STOPS = 200;
const JUMPS = 50;
const SEED = 20_260_101;
const HOUR_MS = 3_600_000;

/** [name, expression, zone, minutes of its window] */
const SCHEDULES: readonly (readonly [string, string, string, number])[] = [
  ["three-hours", "rate(3 hours)", "UTC", 0],
  ["six-hours", "rate(6 hours)", "UTC", 0],
  ["two-days", "rate(2 days)", "UTC", 0],
  ["working-hours", "cron(0 8-20/2 ? * MON-FRI *)", "Europe/Berlin", 0],
  ["half-hours", "cron(0/30 1-3 * * ? *)", "Europe/Berlin", 0],
  ["goodnight", "cron(0 22 * * ? *)", "Europe/Berlin", 0],
  ["in-the-gap", "cron(30 2 * * ? *)", "Europe/Berlin", 0],
  ["new-york", "cron(30 1 * * ? *)", "America/New_York", 0],
  ["lord-howe", "cron(15 2 * * ? *)", "Australia/Lord_Howe", 0],
  ["kathmandu", "cron(45 5 * * ? *)", "Asia/Kathmandu", 0],
  ["casablanca", "cron(30 2 * * ? *)", "Africa/Casablanca", 0],
  ["spread", "cron(0 19 * * ? *)", "Europe/Berlin", 30],
  ["spread-wide", "cron(0 6 * * ? *)", "Pacific/Auckland", 240],
  ["midnight", "cron(0 0 * * ? *)", "America/Santiago", 0],
  ["weekend", "cron(0 9 ? * SAT,SUN *)", "Europe/Berlin", 0],
  ["second-tuesday", "cron(0 7 ? * 3#2 *)", "Europe/Berlin", 0],
  ["last-day", "cron(0 23 L * ? *)", "Europe/Berlin", 0],
  ["thirty-first", "cron(0 12 31 * ? *)", "Europe/Berlin", 0],
  ["once", "at(2026-07-14T20:15:00)", "Europe/Paris", 0],
  ["once-in-fold", "at(2026-10-25T02:30:00)", "Europe/Berlin", 0],
  ["once-in-gap", "at(2026-03-29T02:30:00)", "Europe/Berlin", 0],
];

const told: string[] = [];
afterAll(() => console.log(["a virtual year of the Scheduler:", ...told].join("\n  ")));

// https://en.wikipedia.org/wiki/Linear_congruential_generator, the constants of Numerical Recipes
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Wall time that is set at will, and timers that count what passes. There is no sweep: the timers must do. */
const yearClock = (iso: string) => {
  let elapsedMs = 0;
  let offsetMs = Date.parse(iso);
  const alarms = new Set<{ readonly atMs: number; readonly ring: () => void }>();
  const clock: Clock = {
    nowMs: () => elapsedMs + offsetMs,
    alarm: (delayMs, ring) => {
      const alarm = { atMs: elapsedMs + delayMs, ring };
      alarms.add(alarm);
      return () => {
        alarms.delete(alarm);
      };
    },
    sweep: () => () => undefined,
  };
  return {
    clock,
    jump: (ms: number) => {
      offsetMs += ms;
    },
    /** Time passes, and nothing runs that could notice. */
    sleep: (ms: number) => {
      alarms.clear();
      elapsedMs += ms;
    },
    pass: async (ms: number, settle: () => Promise<void>): Promise<void> => {
      const endMs = elapsedMs + ms;
      for (;;) {
        const next = [...alarms].reduce<
          { readonly atMs: number; readonly ring: () => void } | undefined
        >(
          (least, alarm) => (least === undefined || alarm.atMs < least.atMs ? alarm : least),
          undefined,
        );
        if (next === undefined || next.atMs > endMs) break;
        alarms.delete(next);
        elapsedMs = Math.max(elapsedMs, next.atMs);
        next.ring();
        await settle();
      }
      elapsedMs = endMs;
    },
  };
};

// A call gets so far in one turn of the event loop: to the function, perhaps, and no answer back.
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Every instant that a schedule plans from its beginning until the end of the year. */
const plannedBy = (expression: string, zone: string, untilMs: number): readonly string[] => {
  const parsed = parseScheduleExpression(expression);
  const isRate = parsed.kind === "rate";
  const start = Date.parse("2026-01-01T00:00:00Z");
  const planned: string[] = [];
  let after = isRate ? start - 1 : Date.parse(START);
  for (;;) {
    const at = nextInstant(parsed, { zone, after, ...(isRate ? { start } : {}) });
    if (at === undefined || at > untilMs) return planned;
    planned.push(new Date(at).toISOString().replace(".000Z", "Z"));
    after = at;
  }
};

// REQ: schedules-survive-restart
// REQ: schedules-at-least-once
test("in a year with 200 stops and 50 jumps of the clock every planned firing is delivered, and none that was not planned", async () => {
  const startedMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "scheduler-year-"));
  const endpoint = await startTestEndpoint([schedulesRole()]);
  const lambda = standIn("lambda", "lambda:InvokeFunction", FUNCTION_ARN);
  endpoint.register(lambda.service);
  const random = randomFrom(SEED);
  const { clock, jump, sleep, pass } = yearClock(START);
  const start = (): Promise<Scheduler> =>
    startScheduler({
      file: join(folder, "scheduler.sqlite"),
      region: REGION,
      accountId: ACCOUNT,
      access: (roleArn, groupArn) => ({
        endpoint: endpoint.url,
        region: REGION,
        credentials: endpoint.iam.credentialsFor(roleArn, "scheduler.amazonaws.com", groupArn),
      }),
      clock,
      random,
      schedules: SCHEDULES.map(([name, ScheduleExpression, zone, window]) => ({
        name,
        properties: {
          ScheduleExpression,
          ScheduleExpressionTimezone: zone,
          FlexibleTimeWindow:
            window === 0 ? { Mode: "OFF" } : { Mode: "FLEXIBLE", MaximumWindowInMinutes: window },
          Target: {
            Arn: FUNCTION_ARN,
            RoleArn: ROLE_ARN,
            Input: `{"plannedAt":"${name} <aws.scheduler.scheduled-time>"}`,
          },
        },
      })),
    });
  let scheduler = await start();
  const stepMs = (Date.parse(END) - Date.parse(START)) / (STOPS + JUMPS);
  // Which of the steps are jumps of the clock: the others are stops.
  const isJump = (step: number): boolean => step % ((STOPS + JUMPS) / JUMPS) === 0;
  let cutOff = 0;
  let behindMs = 0;
  const settle = (): Promise<void> => scheduler.idle();

  for (let step = 0; step < STOPS + JUMPS; step += 1) {
    const partMs = Math.floor(stepMs * random());
    if (random() < 0.5) lambda.failures.push(new AwsError("ServiceException", "", { status: 500 }));
    await pass(partMs, settle);
    if (isJump(step)) {
      // Back and forth by up to nine hours; every other jump takes the last one back.
      const ms = behindMs === 0 ? Math.floor((random() - 0.5) * 18 * HOUR_MS) : behindMs;
      behindMs = behindMs === 0 ? -ms : 0;
      jump(ms);
      await pass(stepMs - partMs, settle);
    } else {
      // Every other one ends while a call has reached the function, and its answer has not come back.
      const before = lambda.received.length;
      const answer = step % 2 === 0 ? lambda.holdNext() : undefined;
      await pass(2 * HOUR_MS, answer === undefined ? settle : turn);
      await scheduler.close();
      answer?.();
      cutOff += answer === undefined ? 0 : Math.min(1, lambda.received.length - before);
      sleep(Math.floor(random() * 20 * HOUR_MS));
      scheduler = await start();
      await settle();
      await pass(Math.max(0, stepMs - partMs - 12 * HOUR_MS), settle);
    }
  }
  await pass(Math.max(0, Date.parse(END) - clock.nowMs()) + 24 * HOUR_MS, settle);
  await scheduler.close();
  await endpoint.close();
  rmSync(folder, { recursive: true });

  const expected = SCHEDULES.flatMap(([name, expression, zone]) =>
    plannedBy(expression, zone, Date.parse(END)).map((at) => `${name} ${at}`),
  );
  const deliveries = plannedAt({ lambda });
  const delivered = new Set(deliveries);
  const missing = expected.filter((firing) => !delivered.has(firing));
  const strange = [...delivered.difference(new Set(expected))].filter(
    (firing) => Date.parse(firing.split(" ")[1] ?? "") <= Date.parse(END),
  );
  const repetitions = deliveries.length - delivered.size;
  told.push(
    `${expected.length} firings of ${SCHEDULES.length} schedules planned, ${expected.length - missing.length} of them delivered, ${missing.length} missing, ${strange.length} that were not planned`,
    `${STOPS} stops, ${cutOff} of them with a call under way, ${JUMPS} jumps of the clock`,
    `${lambda.received.length} calls, ${lambda.received.length - deliveries.length} of them failed and made again, ${repetitions} repeated after a stop for the same planned instant`,
    `${Math.round((performance.now() - startedMs) / 1000)} s`,
  );
  expect(missing).toEqual([]);
  expect(strange).toEqual([]);
  // At least once: only what a stop cut off is done again.
  expect(repetitions).toBeGreaterThan(0);
  expect(repetitions).toBeLessThanOrEqual(cutOff);
  expect(expected.length).toBeGreaterThan(9000);
});
