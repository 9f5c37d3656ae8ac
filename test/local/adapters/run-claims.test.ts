import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { TakenOver } from "#adapters/runs/run-claims.ts";
import { accessTo } from "#domain/access/home-access.ts";
import { AT_HOME } from "../../support/at-home.ts";
import type { TestDynamoDb } from "../dynamodb/test-table.ts";
import { startHomeTable } from "./home-table.ts";

const TABLE = "Home";
const ACCESS = accessTo(
  { homes: [{ home: AT_HOME.home, role: "resident", name: "Home" }], isOperatorOfAll: false },
  undefined,
);

let db: TestDynamoDb;
let claims: typeof import("#adapters/runs/run-claims.ts");

beforeAll(async () => {
  db = await startHomeTable(TABLE);
  // The client is made when the adapter is loaded.
  claims = await import("#adapters/runs/run-claims.ts");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await db.close();
});

const NOW_MS = 1_767_391_200_000;
const claim = (key: string, run: string, claimedAtMs: number, after?: TakenOver): Promise<string> =>
  claims.claimRun(TABLE, ACCESS, { key, run, claimedAtMs }, after);

// REQ: joined-runs
test("of several at once one claims a run, and the others are told that one", async () => {
  const told = await Promise.all(["a", "b", "c"].map((run) => claim("once", run, NOW_MS)));

  expect(new Set(told).size).toBe(1);
});

// REQ: request-id
test("what a request id stands for is read as it was put last, and nothing where nothing was", async () => {
  await claims.putClaim(TABLE, ACCESS, { key: "u1", run: "a", claimedAtMs: NOW_MS });
  await claims.putClaim(TABLE, ACCESS, { key: "u1", run: "b", claimedAtMs: NOW_MS });

  expect(await claims.readClaim(TABLE, ACCESS, "u1")).toBe("b");
  expect(await claims.readClaim(TABLE, ACCESS, "u2")).toBeUndefined();
});

// REQ: joined-runs
test("where there is no claim one is made also where a run is named whose claim may be taken over", async () => {
  expect(await claim("gone", "second", NOW_MS, { run: "first" })).toBe("second");
});

// REQ: joined-runs
test.each([
  ["is not taken over without a reason", 1_000, undefined, "first"],
  ["is taken over where its run is named", 1_000, { run: "first" }, "second"],
  ["is not taken over where another run is named", 1_000, { run: "other" }, "first"],
  [
    "is taken over where it is from before the moment named",
    1_000,
    { run: "first", beforeMs: NOW_MS + 1 },
    "second",
  ],
  [
    "is not taken over where it is from that moment",
    1_000,
    { run: "first", beforeMs: NOW_MS },
    "first",
  ],
  ["is not taken over when a run's time is just not over", 330_000, undefined, "first"],
  ["is taken over when a run's time is over", 330_001, undefined, "second"],
  [
    "is taken over when a run's time is over, where another run is named",
    330_001,
    { run: "other" },
    "second",
  ],
])("a claim %s", async (name, afterMs, after, told) => {
  await claim(name, "first", NOW_MS);

  expect(await claim(name, "second", NOW_MS + afterMs, after)).toBe(told);
});
