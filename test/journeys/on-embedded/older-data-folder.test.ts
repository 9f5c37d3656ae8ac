import { cpSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { expect, inject, onTestFinished, test } from "vitest";
import { readEndpoints } from "../../../scripts/command/endpoints.ts";
import { type Ended, runScript } from "../../support/command.ts";
import { startJourney } from "../../support/journey.ts";
import { olderDataFolder } from "../../support/older-data-folder.ts";

type Item = Readonly<Record<string, unknown>>;

const PORTS = [
  "--gateway-port",
  "0",
  "--cognito-port",
  "0",
  "--aws-port",
  "0",
  "--console-port",
  "0",
  "--mqtt-port",
  "0",
];
// The lock says who has the folder, and the template and the logs are nobody's.
const NOT_KEPT = new Set(["lock", "cdk.out", "logs"]);

const start = (data: string): Promise<Ended> =>
  runScript("start.ts", ["--once", "--data", data, ...PORTS]);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !NOT_KEPT.has(name.split("/")[0] ?? ""))
    .sort();

/** Everything in a SQLite file: its layout's number, how its tables are made, and all their rows. */
const contentsOf = (file: string): unknown => {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const schema = db.prepare("SELECT name, type, sql FROM sqlite_schema ORDER BY name").all();
    const tables = schema.filter(({ type }) => type === "table").map(({ name }) => String(name));
    return {
      version: db.prepare("PRAGMA user_version").get(),
      schema,
      rows: tables.map((name) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]),
    };
  } finally {
    db.close();
  }
};

// REQ: state-survives
// REQ: start-refused-in-one-line
test("a home of before homes had ids is refused by name in one line, and its folder stays as it was for the version that wrote it", async () => {
  const [older, asItWas] = [olderDataFolder(), olderDataFolder()];
  for (const { remove } of [older, asItWas]) onTestFinished(remove);
  cpSync(inject("assembly"), join(older.path, "cdk.out"), { recursive: true });

  const refused = await start(older.path);
  // Something that was left running would still hold the folder.
  const again = await start(older.path);

  const told = [
    "Building the template …",
    "This home was made before homes had ids, and its things have other names now. Nothing was changed. Start with another folder (--data DIR), or move this one away; devices are added again with npm run add-device.",
    "",
  ].join("\n");
  expect([refused, again]).toEqual([
    { code: 2, output: told },
    { code: 2, output: told },
  ]);
  expect(readEndpoints(older.path)).toBeUndefined();
  const files = filesIn(older.path);
  expect(files).toEqual(filesIn(asItWas.path));
  expect(files).toContain("iot.sqlite");
  for (const name of files) {
    const [is, was] = [join(older.path, name), join(asItWas.path, name)];
    // The tables were looked into, and are marked as the tables of a house.
    if (name === "dynamodb.sqlite") expect(contentsOf(is)).toEqual(contentsOf(was));
    else expect(readFileSync(is).equals(readFileSync(was)), name).toBe(true);
  }
  expect(statSync(older.path).mode & 0o777).toBe(0o700);
});

// REQ: state-survives
test("a start that is refused for its home leaves nothing running", async () => {
  const older = olderDataFolder();
  onTestFinished(older.remove);

  const refused = startJourney({ data: older.path, lan: { port: 0, host: "127.0.0.1" } });

  await expect(refused).rejects.toMatchObject({ code: "HomeFormatOld" });
  rmSync(join(older.path, "dynamodb.sqlite"));
  // The same folder, and the file that the home was in is free.
  const house = await startJourney({ data: older.path, lan: { port: 0, host: "127.0.0.1" } });
  onTestFinished(house.close);
  expect(await house.client.callTool("get_home", {})).toMatchObject({
    say: "The home has 14 devices in 5 rooms and 4 scenes.",
  });
});

// REQ: state-survives
test("a new home's records, its devices, its scenes and who belongs to it, are stored with their format", async () => {
  const house = await startJourney();
  onTestFinished(house.close);
  const { aws } = house.home.stack;
  const client = new DynamoDBClient(aws);
  onTestFinished(() => client.destroy());
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: house.home.endpoints.aws.tables.home },
  )) {
    items.push(...Items.map((item) => unmarshall(item)));
  }

  const partitions = Map.groupBy(items, ({ PK }) => String(PK).replace(/(?<=PRINCIPAL#).*/, "…"));
  expect([...partitions].map(([name, { length }]) => `${length} ${name}`).sort()).toEqual([
    "1 HOMES",
    "23 HOME#home",
    "4 PRINCIPAL#…",
  ]);
  expect(new Set(items.map((item) => item.v))).toEqual(new Set([1]));
});
