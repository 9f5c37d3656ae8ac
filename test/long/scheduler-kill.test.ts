import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { startTestEndpoint } from "../local/endpoint/test-endpoint.ts";
import {
  FUNCTION_ARN,
  plannedAt,
  ROLE_ARN,
  schedulesRole,
  standIn,
} from "../local/scheduler/test-scheduler.ts";

const FROM = "2026-06-01T00:00:30.000Z";
const UNTIL = "2026-06-03T00:00:30.000Z";
const KILLS = 15;

const told: string[] = [];
afterAll(() => console.log(["kills of the Scheduler:", ...told].join("\n  ")));

// REQ: schedules-survive-restart
test("killed at any moment it has lost no firing, and makes no other call again than one that was under way", async () => {
  const folder = mkdtempSync(join(tmpdir(), "scheduler-kill-"));
  const endpoint = await startTestEndpoint([schedulesRole()]);
  const lambda = standIn("lambda", "lambda:InvokeFunction", FUNCTION_ARN);
  endpoint.register(lambda.service);
  const credentials = endpoint.iam.credentialsFor(ROLE_ARN, "scheduler.amazonaws.com");
  // After so many more calls.
  const moments = fc.sample(fc.noBias(fc.integer({ min: 1, max: 60 })), {
    numRuns: KILLS,
    seed: 14,
  });

  let clock = FROM;
  for (const moment of [...moments, Number.POSITIVE_INFINITY]) {
    const child = fork(
      new URL("../local/scheduler/scheduler-process.ts", import.meta.url),
      [
        join(folder, "scheduler.sqlite"),
        endpoint.url,
        JSON.stringify(credentials),
        // As the machine's clock tells it: up to an hour behind, after a kill.
        clock,
        UNTIL,
      ],
      { stdio: ["ignore", "pipe", "inherit", "ipc"] },
    );
    const exited = once(child, "exit");
    const killAt = lambda.received.length + moment;
    const watch = setInterval(() => {
      if (lambda.received.length >= killAt) child.kill("SIGKILL");
    }, 1);
    if (child.stdout !== null) {
      for await (const line of createInterface(child.stdout)) clock = line;
    }
    await exited;
    clearInterval(watch);
  }
  await endpoint.close();
  rmSync(folder, { recursive: true });

  const deliveries = plannedAt({ lambda });
  const delivered = new Set(deliveries);
  const expected: string[] = [];
  for (let at = Date.parse("2026-06-01T00:10:00Z"); at <= Date.parse(UNTIL); at += 600_000) {
    const time = new Date(at).toISOString().replace(".000Z", "Z");
    expected.push(...["one", "two", "three"].map((name) => `${name} ${time}`));
  }
  const repeated = deliveries.length - delivered.size;
  told.push(
    `${KILLS} kills, ${expected.length} firings planned, ${expected.filter((firing) => delivered.has(firing)).length} delivered, ${repeated} repeated`,
  );
  expect([...delivered].toSorted()).toEqual(expected.toSorted());
  // Three schedules: no more than three calls are under way at a moment.
  expect(repeated).toBeLessThanOrEqual(3 * KILLS);
});
