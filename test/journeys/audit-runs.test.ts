import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, onTestFinished, test } from "vitest";
import { runScript } from "../support/command.ts";
import { type Journey, startJourney } from "../support/journey.ts";

type Item = Readonly<Record<string, unknown>>;

/** Writes records as the functions do, of runs that would take minutes to come by. */
const record = async (house: Journey, items: readonly Item[]): Promise<void> => {
  const { aws } = house.home.endpoints;
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
  });
  for (const item of items) {
    await client.send(new PutItemCommand({ TableName: aws.tables.audit, Item: marshall(item) }));
  }
  client.destroy();
};

const DAY = "2026-01-02";

const request = (run: string, requestedAt: string): Item => ({
  PK: `HOME#home#RUN#${run}`,
  SK: "RUN",
  v: 1,
  home: "home",
  homeDay: `home#${requestedAt.slice(0, 10)}`,
  run,
  scene: "goodnight",
  caller: { clientId: "c", username: "alice" },
  requestedAt,
});

/** Without `requestedAt` as it was written before outcomes stood in the index of a day. */
const outcome = (
  run: string,
  result: string,
  outcomes: readonly string[],
  requestedAt?: string,
): Item => ({
  PK: `HOME#home#RUN#${run}`,
  SK: "OUTCOME",
  v: 1,
  run,
  scene: "goodnight",
  ...(requestedAt === undefined
    ? {}
    : {
        requestedAt,
        homeDay: `home#${requestedAt.slice(0, 10)}`,
        deviceCount: outcomes.length,
        confirmedCount: outcomes.filter((one) => one !== "refused" && one !== "not_reached").length,
      }),
  result,
  devices: outcomes.map((one) => ({ outcome: one })),
});

const acknowledgement = (run: string, device: string): Item => ({
  PK: `HOME#home#RUN#${run}`,
  SK: `ACK#home-${device}#0`,
  v: 1,
  thing: `home-${device}`,
  acknowledgedAt: 1,
});

test("npm run audit -- runs shows how each run ended, what confirmed, and how many ended how", async () => {
  const house = await startJourney({ faults: "hall_lamp=silent" });
  onTestFinished(() => house.close());
  await record(house, [
    request("run_a", `${DAY}T20:00:00.000Z`),
    outcome("run_a", "done", ["confirmed", "already_there"]),
    acknowledgement("run_a", "x"),
    request("run_b", `${DAY}T21:00:00.000Z`),
    outcome("run_b", "partly_done", ["confirmed", "timed_out", "confirmed_late"]),
    request("run_c", `${DAY}T22:00:00.000Z`),
    outcome("run_c", "stopped", ["refused", "not_reached"], `${DAY}T22:00:00.000Z`),
    request("run_d", `${DAY}T23:00:00.000Z`),
    outcome("run_d", "failed", ["offline"]),
    request("run_e", `${DAY}T23:30:00.000Z`),
    acknowledgement("run_e", "x"),
    acknowledgement("run_e", "y"),
    request("run_f", `${DAY}T23:40:00.000Z`),
    outcome("run_f", "done", ["confirmed"], `${DAY}T23:40:00.000Z`),
  ]);

  const day = await runScript("audit.ts", ["runs", "--day", DAY, "--data", house.data]);
  const none = await runScript("audit.ts", ["runs", "--day", "2025-01-01", "--data", house.data]);

  expect(day).toEqual({
    code: 0,
    output: [
      "2026-01-02T20:00:00.000Z  run_a  goodnight  done, 2 of 2 devices confirmed  by alice",
      "2026-01-02T21:00:00.000Z  run_b  goodnight  partly_done, 1 of 3 devices confirmed  by alice",
      "2026-01-02T22:00:00.000Z  run_c  goodnight  stopped, 0 of 2 devices confirmed  by alice",
      "2026-01-02T23:00:00.000Z  run_d  goodnight  failed, 0 of 1 device confirmed  by alice",
      "2026-01-02T23:30:00.000Z  run_e  goodnight  cut off, 2 acknowledgements  by alice",
      "2026-01-02T23:40:00.000Z  run_f  goodnight  done, 1 of 1 device confirmed  by alice",
      "6 runs: 2 done, 1 partly_done, 1 stopped, 1 failed, 1 cut off",
      "",
    ].join("\n"),
  });
  expect(none).toEqual({ code: 0, output: "No runs on 2025-01-01.\n" });

  const stopped = ["runs", "--day", DAY, "--outcome", "stopped", "--csv", "--data", house.data];

  expect(await runScript("audit.ts", stopped)).toEqual({
    code: 0,
    output: [
      '"requested_at","run","scene","end","devices","confirmed","acknowledged","person","sub","client","reason","finished_at"',
      `"2026-01-02T22:00:00.000Z","run_c","goodnight","stopped",2,0,"","alice","","c","",""`,
      "",
    ].join("\n"),
  });

  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  await record(house, [request("run_g", now.toISOString())]);
  const { run_id } = await house.client.callTool("run_scene", { scene: "goodnight" });
  const both = await runScript("audit.ts", [
    ...["runs", "--json", "--day", today, "--data", house.data],
  ]);

  const lines = both.output.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ run: "run_g", end: "still running", acknowledged: 0 }),
    expect.objectContaining({ run: run_id, end: "partly_done", devices: 14, confirmed: 13 }),
  ]);
});

test("more runs on a day than one batch of reads takes are all told", async () => {
  const house = await startJourney();
  onTestFinished(() => house.close());
  const runs = Array.from({ length: 201 }, (_, index) => `run_${String(index).padStart(3, "0")}`);
  await record(
    house,
    runs.flatMap((run) => [
      request(run, `${DAY}T20:00:00.${run.slice(4)}Z`),
      outcome(run, "done", ["confirmed"], `${DAY}T20:00:00.${run.slice(4)}Z`),
    ]),
  );

  const told = await runScript("audit.ts", ["runs", "--day", DAY, "--data", house.data]);

  const lines = told.output.trim().split("\n");
  expect(lines).toHaveLength(202);
  expect(lines.at(-1)).toBe("201 runs: 201 done");
});
