import { expect, test } from "vitest";
import { trackedFiles } from "./tracked-files.ts";

// A scan reads every home's records to find one home's, and costs the more the longer a house lives.
const SCAN = /\b(ScanCommand|paginateScan|ExecuteStatementCommand|dynamodb:Scan|PartiQL)\b/;

// REQ: audit-queries
test("nothing that is deployed, and no command, scans a table", () => {
  const sources = trackedFiles(/^(functions|scripts|workflows|infra\/aws)\/.*\.(ts|json)$/);

  const scanning = [...sources].filter(([, text]) => SCAN.test(text)).map(([file]) => file);

  expect(sources.size).toBeGreaterThan(200);
  expect(scanning).toEqual([]);
});
