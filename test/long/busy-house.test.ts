import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";

let house: Journey;
beforeAll(async () => {
  // What AWS gives a new account.
  house = await startJourney({ concurrentExecutions: 10 });
});
afterAll(() => house?.close());

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

const ask = (caller: number) =>
  house.client.callTool("run_scene", { scene: "movie_night", request_id: `caller-${caller}` }).then(
    ({ result, error }) =>
      result === undefined ? String((error as { code: string }).code) : String(result),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

// REQ: busy-told
test("40 callers at once with room for 10 functions: each is answered, and every run that began is recorded to its end", async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, caller) => ask(caller)));

  const busy = answers.flatMap((answer, caller) =>
    /^The house is busy/.test(answer) ? [caller] : [],
  );
  const clear = new Set(answers.filter((_, caller) => !busy.includes(caller)));
  expect([...clear].filter((one) => !RESULTS.has(one))).toEqual([]);
  const records = [...(await recordsOfRuns()).values()];
  expect(records.length).toBeGreaterThan(0);
  expect(records.filter((keys) => !keys.includes("RUN") || !keys.includes("OUTCOME"))).toEqual([]);

  // Who was told that the house is busy asks again when it is not, and nothing is done twice.
  const again: string[] = [];
  for (const caller of busy.slice(0, 3)) again.push(await ask(caller));
  expect(again.filter((one) => !RESULTS.has(one))).toEqual([]);
}, 200_000);

const RESULTS: ReadonlySet<string> = new Set([
  "done",
  "partly_done",
  "stopped",
  "failed",
  "running",
]);
