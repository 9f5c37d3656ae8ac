// What each question to the audit takes and costs: npm run bench -- audit. In CI the lists are asked of 20,000 runs of
// fourteen devices, and the log has 500 of them; BENCH_RUNS=100000 BENCH_SEALED_RUNS=5000 asks more, and fills longer.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import { openAudit } from "../../scripts/audit/audit-reader.ts";
import { lastChange, runOfReport, whoChangedIt } from "../../scripts/audit/device-lines.ts";
import { exportLog } from "../../scripts/audit/export-log.ts";
import { listRuns } from "../../scripts/audit/list-runs.ts";
import { type Cost, costLine, meter } from "../../scripts/audit/meter.ts";
import { timelineLines } from "../../scripts/audit/timeline-lines.ts";
import { verifyFolder } from "../../scripts/audit/verify-log.ts";
import { writeProofs } from "../../scripts/audit/write-proofs.ts";
import { startTestDynamoDb } from "../local/dynamodb/test-table.ts";
import { AT_HOME } from "../support/at-home.ts";
import { createStackTables, fillAudit, runIdOf } from "./fill/audit-house.ts";

const { home } = AT_HOME;
const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const RUNS = number("BENCH_RUNS", 20_000);
const SEALED = Math.min(RUNS, number("BENCH_SEALED_RUNS", 500));
const DAY_MS = 24 * 60 * 60 * 1000;

const directory = mkdtempSync(join(tmpdir(), "bench-"));
const file = join(directory, "dynamodb.sqlite");
await createStackTables(file);
const nowMs = Date.now();
const filled = fillAudit(file, { runs: RUNS, sealed: SEALED, nowMs });
console.log(
  `filled: ${filled.runs} runs, ${filled.records} records, ${filled.entries} of them sealed, in ${filled.seconds.toFixed(0)} s`,
);

const house = await startTestDynamoDb({ file });
const cost = meter(house.client);
const tables = { dynamoDb: house.client, auditTable: "Audit", logTable: "Log" };
const audit = openAudit({ ...tables, thingPrefix: parseThingPrefix("") }, home);

const since = (before: Cost): Cost => {
  const after = cost();
  const calls = [...after.calls].flatMap(([name, count]) => {
    const more = count - (before.calls.get(name) ?? 0);
    return more === 0 ? [] : [[name, more] as const];
  });
  return { calls: new Map(calls), units: after.units - before.units };
};
const snapshot = (): Cost => ({ calls: new Map(cost().calls), units: cost().units });

/** Asks `times` times; prints how long, beside the limit, and what one question cost. */
const measure = async (
  what: string,
  times: number,
  limitMs: number | undefined,
  ask: (at: number) => Promise<unknown>,
): Promise<void> => {
  const took: number[] = [];
  let one: Cost = { calls: new Map(), units: 0 };
  for (let at = 0; at < times; at += 1) {
    const before = snapshot();
    const began = performance.now();
    await ask(at);
    took.push(performance.now() - began);
    one = since(before);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const part = (share: number): string =>
    (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
  const limit = limitMs === undefined ? "" : `, limit ${limitMs} ms`;
  const spread = times === 1 ? `${part(0)} ms` : `p50 ${part(0.5)} ms   p95 ${part(0.95)} ms`;
  console.log(`${what.padEnd(44)} ${spread}${limit}   ${costLine(one)}`);
};

const period = (days: number) => ({
  since: new Date(nowMs - days * DAY_MS).toISOString(),
  until: new Date(nowMs).toISOString(),
});
const page = (days: number, filter: Parameters<typeof listRuns>[1]["filter"]) =>
  listRuns(audit, { home, period: period(days), filter, most: 50 });

await measure("list: the newest 50 of 400 days", 40, 150, () => page(400, {}));
let older = (await page(400, {})).older;
await measure("list: page after page of 50", 40, 150, async () => {
  const next = await listRuns(audit, {
    home,
    period: period(400),
    filter: {},
    most: 50,
    ...(older === undefined ? {} : { page: older }),
  });
  older = next.older;
});
await measure("list: 50 of a person", 40, 150, () => page(400, { person: "alice" }));
await measure("list: 50 that ended partly_done (2 %)", 10, undefined, () =>
  page(400, { end: "partly_done" }),
);
await measure("list: nobody's, over 30 days", 10, undefined, () => page(30, { person: "mallory" }));
await measure("one run, as a timeline", 40, 100, async (at) =>
  timelineLines(await audit.run(runIdOf(RUNS - 1 - at)), nowMs),
);
await measure(`device: who, of ${Math.min(RUNS, 5000)} reports`, 40, undefined, async () => {
  const reports = await audit.reportsOf("lamp_0", { most: 20 });
  const change = lastChange(reports);
  const run = change === undefined ? undefined : runOfReport(change);
  const request = run === undefined ? undefined : await audit.requestOf(run);
  whoChangedIt("lamp_0", reports, request);
});
await measure("device: its last 1,000 reports", 5, undefined, () =>
  audit.reportsOf("lamp_0", { most: 1000 }),
);
await measure("proof: all records of a run", 10, undefined, (at) =>
  writeProofs(tables, home, runIdOf(RUNS - 1 - at), join(directory, "proofs")),
);
const evidence = join(directory, "evidence");
await measure(`export: ${filled.entries} entries`, 1, undefined, () =>
  exportLog(tables, home, evidence, nowMs),
);
await measure(`verify: ${filled.entries} entries, offline`, 1, undefined, async () => {
  const { isWhole, lines } = await verifyFolder(evidence, {
    older: [],
    knownHeads: join(directory, "known-heads"),
  });
  if (!isWhole) console.log(lines.slice(0, 5).join("\n"));
});

await house.close();
rmSync(directory, { recursive: true });
