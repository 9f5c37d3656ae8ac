import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localRegistry } from "../../../scripts/devices/registry.ts";
import { runScript } from "../../support/command.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { deliver, firingsOf, inSeconds, makeSchedule } from "../../support/schedule-firings.ts";
import { sentAgain } from "../../support/sent-again.ts";

let house: Journey;
beforeAll(async () => {
  house = await startJourney();
});
afterAll(() => house.close());

const aRun: unknown = expect.stringMatching(/^run_[0-9a-z]{20}$/);

// REQ: schedule-through-gateway
test("a firing that is delivered three times is one run, and one record", async () => {
  await makeSchedule(house, {
    schedule: "Film",
    scene: "movie_night",
    when: "at 03:00 daily",
    // They take their time.
    except: ["living room blinds"],
  });
  const event = {
    home: "home",
    schedule: "film",
    version: 1,
    plannedAt: `${new Date().toISOString().slice(0, 16)}:00Z`,
    attempt: "1",
  };
  const isRequest = (text: string): boolean => text.includes('"desired"');
  const commands = await house.countMessages("$aws/things/+/shadow/update", isRequest);

  const first = await deliver(house, event);
  const [begun] = await firingsOf(house, "film");
  await expect.poll(() => endOf(begun?.run), { timeout: 20_000 }).toBe("done");
  const asked = commands();
  const [second, third] = await Promise.all([deliver(house, event), deliver(house, event)]);

  expect(first).toMatchObject({ kind: "fired", run: aRun });
  expect([second, third]).toEqual([{ kind: "nothing" }, { kind: "nothing" }]);
  const [firing] = await firingsOf(house, "film");
  const again = sentAgain(await house.auditOf(String(firing?.run)));
  expect(asked).toBe(5 + again);
  expect(commands()).toBe(asked);
  expect(await firingsOf(house, "film")).toHaveLength(1);
});

// REQ: schedule-through-gateway
test("the scheduler fires goodnight, and the audit shows who called, the schedule, its planned and actual time, and the result", async () => {
  await makeSchedule(house, { schedule: "Bed time", scene: "goodnight", when: inSeconds(2) });

  await expect
    .poll(() => firingsOf(house, "bed_time"), { timeout: 20_000, interval: 50 })
    .toHaveLength(1);

  const [firing] = await firingsOf(house, "bed_time");
  expect(firing).toMatchObject({ kind: "fired", name: "Bed time", run: aRun });
  await expect.poll(() => endOf(firing?.run), { timeout: 20_000 }).toBe("done");
  const late = Date.parse(String(firing?.startedAt)) - Date.parse(String(firing?.plannedAt));
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(10_000);
  const request = (await house.auditOf(String(firing?.run))).find(({ SK }) => SK === "RUN");
  // The app client of the name smarthome-gateway-client, which is no person.
  const { clientId } = house.home.endpoints.cognito.clients.machine;
  expect(request?.caller).toEqual({ sub: clientId, clientId, scopes: ["read", "write"] });
  expect(request?.reason).toMatch(/^schedule Bed time, planned \w+day 20\d\d-.* UTC$/);
});

test("a newcomer's machine finds the house with one command", async () => {
  const { code, output } = await runScript("test-gateway.ts", ["--data", house.data]);

  expect(output).toContain("A machine can call this gateway");
  expect(code).toBe(0);
});

// REQ: schedule-dead-letters
test("what was given up is listed with its reason, and run again by its schedule's name", async () => {
  const registry = await localRegistry(house.data);
  const sqs = new SQSClient(registry.clientOptions);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: registry.output("ScheduledSceneFailuresUrl"),
      MessageBody: JSON.stringify({
        requestContext: { condition: "RetriesExhausted" },
        requestPayload: {
          home: "home",
          schedule: "film",
          version: 1,
          plannedAt: "2026-01-02T02:00:00Z",
          attempt: "1",
        },
        responsePayload: { errorType: "SignInFailed", errorMessage: "Cognito answered 500." },
      }),
    }),
  );
  sqs.destroy();
  registry.close();

  const list = await schedule("list");
  const again = await schedule("run-now", "film");

  expect(list.output).toMatch(/"Film" {2}film\n {2}movie_night, every day at 03:00/);
  expect(list.output).toContain(
    "film  planned 2026-01-02T02:00:00.000Z  broke off: RetriesExhausted, SignInFailed: Cognito answered 500.",
  );
  expect(again.code, again.output).toBe(0);
  expect(again.output).toContain("1 dead letter of it taken out of the queue.");
  expect(await firingsOf(house, "film")).toMatchObject([
    { plannedAt: "2026-01-02T02:00:00.000Z", byHand: true },
    { kind: "fired" },
  ]);
});

/** How a run ended, by its own record: a firing waits for none. */
const endOf = async (run: unknown): Promise<unknown> =>
  (await house.auditOf(String(run))).find(({ SK }) => SK === "OUTCOME")?.result;

const schedule = (...args: readonly string[]) =>
  runScript("schedule.ts", [...args, "--data", house.data]);
