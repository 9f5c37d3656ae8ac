import type { QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import { queryFirings } from "#adapters/query-firings.ts";
import { AT_HOME } from "../support/at-home.ts";

type Item = Readonly<Record<string, unknown>> & { readonly PK: string; readonly SK: string };

const firing = (kind: string, plannedAt: string, more: object = {}): Item => ({
  PK: "HOME#home#SCHEDULE#bedtime",
  SK: `${plannedAt}#${kind}`,
  v: 1,
  home: "home",
  schedule: "bedtime",
  name: "Bedtime",
  scene: "goodnight",
  kind,
  plannedAt,
  startedAt: plannedAt,
  ...more,
});
const outcome = (run: string, result: string): Item => ({
  PK: `HOME#home#RUN#${run}`,
  SK: "OUTCOME",
  v: 1,
  home: "home",
  run,
  result,
});

/** An audit table of these items, and how often it was asked. */
const tableOf = (items: readonly Item[]) => {
  let asked = 0;
  const send = ({ input }: QueryCommand) => {
    asked += 1;
    const { ":partition": partition, ":prefix": prefix } = input.ExpressionAttributeValues ?? {};
    const fitting = items
      .filter(({ PK, SK }) => PK === partition?.S && SK.startsWith(prefix?.S ?? ""))
      .toSorted((one, other) => (one.SK < other.SK ? -1 : 1));
    const ordered = input.ScanIndexForward === false ? fitting.toReversed() : fitting;
    return Promise.resolve({ Items: ordered.slice(0, input.Limit).map((item) => marshall(item)) });
  };
  return {
    client: { send } as unknown as Parameters<typeof queryFirings>[0],
    asked: () => asked,
  };
};

const BEDTIME = { home: AT_HOME.home, schedule: "bedtime", newest: 5 };
const LONG_AGO = "2026-01-02T22:00:00.000Z";

test("a firing tells how its run ended, from the run's own record", async () => {
  const { client } = tableOf([
    firing("fired", LONG_AGO, { run: "run_1" }),
    outcome("run_1", "partly_done"),
    outcome("run_2", "done"),
  ]);

  const firings = await queryFirings(client, "audit", BEDTIME);

  expect(firings).toMatchObject([{ kind: "fired", run: "run_1", result: "partly_done" }]);
});

test("a run without an outcome is running while its time lasts, and has failed when that is over", async () => {
  const now = new Date().toISOString();
  const { client } = tableOf([
    firing("fired", LONG_AGO, { run: "run_1" }),
    firing("fired", now, { run: "run_2" }),
  ]);

  const firings = await queryFirings(client, "audit", BEDTIME);

  expect(firings.map(({ run, result }) => [run, result])).toEqual([
    ["run_2", "running"],
    ["run_1", "failed"],
  ]);
});

test("only a firing that started a run and does not know its end asks for it", async () => {
  const { client, asked } = tableOf([
    firing("skipped", "2026-01-03T22:00:00.000Z", { code: "Paused", why: "It is paused." }),
    // Of an earlier version, which waited for the end.
    firing("fired", LONG_AGO, { run: "run_1", result: "done" }),
    outcome("run_1", "partly_done"),
  ]);

  const firings = await queryFirings(client, "audit", BEDTIME);

  expect(firings.map(({ kind, result }) => [kind, result])).toEqual([
    ["skipped", undefined],
    ["fired", "done"],
  ]);
  expect(asked()).toBe(1);
});

test("the newest so many are read, the last first", async () => {
  const days = ["02", "03", "04"].map((day) => `2026-01-${day}T22:00:00.000Z`);
  const { client } = tableOf(days.map((at) => firing("missed", at)));

  const firings = await queryFirings(client, "audit", { ...BEDTIME, newest: 2 });

  expect(firings.map(({ plannedAt }) => plannedAt)).toEqual([
    "2026-01-04T22:00:00.000Z",
    "2026-01-03T22:00:00.000Z",
  ]);
});

test("an outcome that another home has written is nobody's end", async () => {
  const { client } = tableOf([
    firing("fired", LONG_AGO, { run: "run_1" }),
    { ...outcome("run_1", "done"), home: "lake-house" },
  ]);

  await expect(queryFirings(client, "audit", BEDTIME)).rejects.toThrow(
    expect.objectContaining({ code: "RecordInvalid" }),
  );
});
