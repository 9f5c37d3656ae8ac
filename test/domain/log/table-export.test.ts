import { expect, test } from "vitest";
import { readReceipts, textOf } from "#domain/log/exported-records.ts";
import type { Item } from "#domain/log/leaf.ts";
import { verifyExport } from "#domain/log/verify-export.ts";
import { type AnExport, exportOf, saltOf } from "./an-export.ts";
import { sha256, verifyEd25519 } from "./ed25519.ts";
import { acknowledgement, EVENING, LOOK, outcome, RETENTION, request } from "./house-records.ts";

// What ExportTableToPointInTime writes, a line an item and in no order:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
const tableLine = (item: unknown): string => JSON.stringify({ Item: item });

const ITEMS: readonly Item[] = [
  RETENTION,
  request("r1"),
  acknowledgement("r1", "home-hall_lamp", 7),
  outcome("r1"),
  LOOK,
];

const FOREIGN: Item = {
  PK: { S: "HOME#villa#RUN#r9" },
  SK: { S: "RUN" },
  recordedAt: { N: String(EVENING - 3_600_000) },
};

const keyOf = (attribute: unknown): string => textOf(attribute) ?? "";

/** The items of the log table: a receipt for each record, and what else is there. */
const logLines = ITEMS.map((item, index) =>
  tableLine({
    PK: item.PK,
    SK: { S: `${keyOf(item.SK)}#00112233445566aa` },
    index: { N: String(index) },
    salt: { B: Buffer.from(saltOf(index)).toString("base64") },
  }),
).concat(
  tableLine({ PK: { S: "LOG#home" }, SK: { S: "HEAD" }, leaves: { N: "5" } }),
  tableLine({ PK: { S: "LOG#home" }, SK: { S: "ENTRY#000000000000" }, leaf: { S: "{}" } }),
);

const linesOf = async function* (lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
};

const faultsWith = async (
  { checkpoint, key, files, exportedAt }: AnExport,
  records: readonly string[],
  receipts: readonly string[],
): Promise<readonly string[]> => {
  const { faults } = await verifyExport({
    sha256,
    verifyEd25519,
    key,
    checkpoint,
    older: [],
    read: async (path) => files.get(path),
    records: linesOf(records),
    tableExport: {
      receipts: await readReceipts(sha256, linesOf(receipts)),
      belongs: (partition) => partition.startsWith("HOME#home#"),
    },
    exportedAt,
  });
  return faults.map(({ sentence }) => sentence);
};

test("DynamoDB's own exports of both tables are held against the log", async () => {
  const exported = await exportOf(ITEMS);
  const records = [...ITEMS.map(tableLine).reverse(), tableLine(FOREIGN), ""];

  expect(await faultsWith(exported, records, logLines)).toEqual([]);
});

test("so is its export of the records alone, with the receipts of our own export", async () => {
  const exported = await exportOf(ITEMS);

  expect(await faultsWith(exported, ITEMS.map(tableLine), exported.lines)).toEqual([]);
});

test("a record that was changed in the table since our own export is named", async () => {
  const exported = await exportOf(ITEMS);
  const records = ITEMS.with(4, { ...LOOK, tool: { S: "run_scene" } }).map(tableLine);

  expect(await faultsWith(exported, records, exported.lines)).toEqual([
    "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): its record HOME#home#ACCESS#2026-11/2026-11-27T22:45:04.000Z#k3 was changed.",
  ]);
});

test("a record that was overwritten after it was sealed, and sealed again, is missed", async () => {
  const second: Item = { ...LOOK, tool: { S: "run_scene" } };
  const exported = await exportOf([...ITEMS, second]);
  const again = tableLine({
    PK: LOOK.PK,
    SK: { S: "2026-11-27T22:45:04.000Z#k3#ffeeddccbbaa9988" },
    index: { N: "5" },
    salt: { B: Buffer.from(saltOf(5)).toString("base64") },
  });

  const faults = await faultsWith(exported, ITEMS.with(4, second).map(tableLine), [
    ...logLines,
    again,
  ]);

  expect(faults).toEqual([
    "Entry 4 (look, sealed 2026-11-27T22:46:00.000Z): its record was removed.",
  ]);
});

test.each([
  ["an item that is none", '{"Item":3}', "Line 1 of the records cannot be read: its Item is none."],
  ["a list", "[]", "Line 1 of the records cannot be read: it is not an object."],
  ["no record", "{}", "Line 1 of the records cannot be read: it has no record."],
  [
    "an entry that is none",
    '{"i":-1,"salt":"","record":{}}',
    "Line 1 of the records cannot be read: its entry or its salt is none.",
  ],
])("%s is a line that cannot be read", async (_, line, sentence) => {
  expect(await faultsWith(await exportOf([]), [line], [])).toEqual([sentence]);
});
