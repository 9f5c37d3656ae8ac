import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isObject } from "#domain/json.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { sweepLater } from "../support/later-sweeper.ts";

let house: Journey;
beforeAll(async () => {
  // What AWS gives a new account.
  house = await startJourney({ concurrentExecutions: 10 });
});
afterAll(() => {
  vi.unstubAllEnvs();
  return house?.close();
});

/** The records of every run, by run. */
const recordsOfRuns = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { aws } = house.home.stack;
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: aws.credentials,
  });
  const found = new Map<string, string[]>();
  const pages = paginateScan({ client }, { TableName: house.home.endpoints.aws.tables.audit });
  for await (const { Items = [] } of pages) {
    for (const { PK, SK } of Items.map((item) => unmarshall(item))) {
      const run = /^HOME#home#RUN#(.+)$/.exec(String(PK))?.[1];
      if (run !== undefined) found.set(run, [...(found.get(run) ?? []), String(SK)]);
    }
  }
  client.destroy();
  return found;
};

/** How a caller was answered: the run's result, or the words of a refusal. */
const ask = (caller: number): Promise<string> =>
  house.client.callTool("run_scene", { scene: "movie_night", request_id: `caller-${caller}` }).then(
    ({ result, error }) =>
      result === undefined ? (error as { message: string }).message : String(result),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const RESULTS: ReadonlySet<string> = new Set([
  "done",
  "partly_done",
  "stopped",
  "failed",
  "running",
]);

// REQ: busy-told
// REQ: sweeper
test("40 callers at once with room for 10 functions: each is answered, and no run stays half recorded", async () => {
  const sweep = await sweepLater(house);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, caller) => ask(caller)));

  const busy = answers.flatMap((answer, caller) =>
    answer.startsWith("The house is busy: ") ? [caller] : [],
  );
  // A run whose conclusion found no room either: its caller is told which, and that nothing is known to have changed.
  const brokenOff = answers.flatMap(
    (answer) =>
      /^The run (run_\w+) of "movie_night" broke off .*do not assume that anything changed/.exec(
        answer,
      )?.[1] ?? [],
  );
  expect(answers.filter((answer) => RESULTS.has(answer)).length).toBeGreaterThan(0);
  expect(answers.filter((answer) => RESULTS.has(answer)).length).toBe(
    40 - busy.length - brokenOff.length,
  );
  // What goes on ends by itself, and the sweeper ends what was cut off; then no run is half recorded.
  await expect
    .poll(openRuns, { timeout: 60_000, interval: 500 })
    .toEqual(expect.toSatisfy((open: readonly string[]) => open.every(isIn(brokenOff))));
  const { swept, left } = await sweep();
  expect([swept, left]).toEqual([brokenOff.length, 0]);
  expect(await openRuns()).toEqual([]);
  for (const device of ["hall_lamp", "kitchen_light", "living_room_blinds", "television"]) {
    const { desired, reported } = await house.shadowOf(device);
    // What stands there was answered.
    expect(idIn(desired) ?? idIn(reported), device).toBe(idIn(reported));
  }

  // Who was told that the house is busy asks again when it is not, and nothing is done twice.
  const again: string[] = [];
  for (const caller of busy.slice(0, 3)) again.push(await ask(caller));
  expect(again.filter((answer) => !RESULTS.has(answer))).toEqual([]);
}, 250_000);

const openRuns = async (): Promise<readonly string[]> =>
  [...(await recordsOfRuns())].flatMap(([run, keys]) => (keys.includes("OUTCOME") ? [] : run));

const isIn =
  (runs: readonly string[]) =>
  (run: string): boolean =>
    runs.includes(run);

const idIn = (half: Readonly<Record<string, unknown>> | undefined): unknown =>
  isObject(half?.command) ? half.command.id : undefined;
