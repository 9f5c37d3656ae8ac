import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isObject, parseJsonObject } from "#domain/json.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { LAN, listOf, type Verified, verifyHouse } from "../../support/verified-house.ts";

let house: Journey;
let verified: Verified;

beforeAll(async () => {
  house = await startJourney({ lan: LAN });
  verified = await verifyHouse(house.home);
});
afterAll(() => house?.close());

// REQ: deployment-verified
test("a stack that works is found to work, each check by itself", () => {
  expect(verified.ended.code, verified.ended.output).toBe(0);
  expect(verified.checks.map(({ check, state }) => `${String(check)}: ${String(state)}`)).toEqual([
    "sign-in way: holds",
    "token: holds",
    "mcp session: holds",
    "throw-away home: holds",
    "certificate over mqtt: holds",
    "scene: holds",
    "audit records: holds",
    "narrow token: holds",
    "guest: holds",
    "last will: holds",
    "caller gone: holds",
    "withdrawal: holds",
    "cut-off run: untried",
    "removal: holds",
  ]);
  expect(verified.ended.output).toContain("The stack works.");
});

test("each open question is printed as settled, yes or no, and the report says that an imitation settles nothing", () => {
  const printed = verified.ended.output
    .split("\n")
    .filter((line) => line.startsWith("  settled: "));

  expect(verified.report.against).toBe("an imitation");
  expect(printed).toHaveLength(listOf(verified.report.questions).length);
  expect(verified.ended.output).toMatch(
    /settled: yes, it holds +The rule's nested results are maps/,
  );
  expect(verified.ended.output).toMatch(
    /settled: no +A run that was cut off is ended by the sweeper/,
  );
  expect(verified.ended.output).toContain("which settles nothing about AWS");
});

test("nothing of it is left in the home table, and no secret is printed", async () => {
  const dynamoDb = new DynamoDBClient({ ...house.home.stack.aws });
  const { Items = [] } = await dynamoDb.send(
    new ScanCommand({ TableName: house.home.endpoints.aws.tables.home }),
  );
  dynamoDb.destroy();

  const left = Items.map((item) => JSON.stringify(unmarshall(item))).filter((item) =>
    item.includes("verify_"),
  );
  expect(left).toEqual([]);
  const { clientSecret = "" } = house.home.endpoints.cognito.clients.machine;
  expect(verified.ended.output).not.toContain(clientSecret);
  expect(JSON.stringify(verified.report)).not.toContain(clientSecret);
  expect(verified.ended.output).not.toMatch(/eyJ[A-Za-z0-9_-]{10,}/);
});

const isOfConclusion = (dimensions: unknown): boolean =>
  isObject(dimensions) && dimensions.service === "conclude-run";

// REQ: measures
test("what the functions counted meanwhile is in the metrics that CloudWatch would have made", async () => {
  const counted = () =>
    readFileSync(join(house.data, "logs", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => parseJsonObject(line) ?? {});
  const of = (name: string) => counted().filter((metric) => metric.name === name);

  await expect.poll(() => of("Runs").length).toBe(2);
  expect(of("Runs").map(({ dimensions }) => dimensions)).toEqual([
    { service: "conclude-run", outcome: "done" },
    { service: "conclude-run", outcome: "failed" },
  ]);
  // A sweeper that finds nothing to do counts that, too.
  const withdrawn = of("CommandsWithdrawn").filter(({ dimensions }) => isOfConclusion(dimensions));
  expect(withdrawn.map(({ values }) => values)).toEqual([[0], [1]]);
  expect(of("AcknowledgementLatency").map(({ dimensions }) => dimensions)).toEqual([
    { service: "conclude-run", kind: "light" },
  ]);
  expect(of("RefusedCalls").length).toBeGreaterThanOrEqual(2);
  expect(house.logged.filter((line) => line.includes("no metric"))).toEqual([]);
});
