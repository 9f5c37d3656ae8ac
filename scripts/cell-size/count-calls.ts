import type { TableDescription } from "@aws-sdk/client-dynamodb";
import { itemBytes } from "#local/dynamodb/store/item-size.ts";
import type { CarriedOutCall } from "#local/endpoint/aws-endpoint.ts";
import { Problem } from "../command/problem.ts";
import { type Item, indexEntries, readUnits, storedBytes, writeUnits } from "./capacity-units.ts";
import type { AskedTable, Invocation, MeasuredRun, Reads, Traffic, Writes } from "./measured.ts";
import type { NamesInTemplate } from "./names-in-template.ts";

/** A call of a function with the id that its REPORT line bears. */
export interface IdentifiedInvocation extends Invocation {
  readonly requestId: string;
  readonly memoryMb: number;
}

// The sealer, the sweeper and who calls them: they come by the minute, whether a run goes on or not, and are no part of one.
const EVERY_MINUTE: ReadonlySet<string> = new Set([
  "seal-records",
  "AuditLogSchedule",
  "sweep-runs",
  "RunSweeperSchedule",
]);

/**
 * What calls count as, by who made them.
 * @throws Problem for a DynamoDB operation whose units this program does not know
 */
export const countCalls = (
  calls: readonly CarriedOutCall[],
  sinceMs: number,
  names: NamesInTemplate,
  tables: ReadonlyMap<string, TableDescription>,
): Pick<MeasuredRun, "calls" | "traffic" | "writes" | "reads" | "stages"> & {
  readonly invocations: readonly IdentifiedInvocation[];
} => {
  const counts = new Map<string, number>();
  const traffic = new Map<string, Traffic>();
  const writes = new Map<string, Writes>();
  const reads = new Map<string, Reads>();
  const invocations: IdentifiedInvocation[] = [];
  const publishesAtMs: number[] = [];
  for (const call of calls) {
    const by = names.callerOf(call.request.caller.arn.split("/").at(1) ?? "");
    if (EVERY_MINUTE.has(by)) continue;
    for (const { action, resource } of call.permissions) {
      count(counts, `${by} ${action}`);
      addTraffic(traffic, `${by} ${action}`, call);
      if (action === "lambda:InvokeFunction") {
        invocations.push(identify(call, resource, sinceMs, names));
      } else if (action === "iot:Publish") publishesAtMs.push(call.receivedAtMs - sinceMs);
      else if (action === "dynamodb:PutItem") addWrite(writes, by, call, tables);
      else if (action === "dynamodb:Query") addRead(reads, by, call);
      else if (action.startsWith("dynamodb:")) {
        throw new Problem(`How many units ${action} takes is not known here; ${by} calls it.`);
      }
    }
  }
  return {
    calls: Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b))),
    traffic: Object.fromEntries([...traffic].sort(([a], [b]) => a.localeCompare(b))),
    writes: [...writes.values()],
    reads: [...reads.values()],
    stages: commandsAStage(invocations, publishesAtMs),
    invocations: invocations.sort((a, b) => a.atMs - b.atMs),
  };
};

// A stage is one batch here: more than 50 devices would be several functions that start together.
const commandsAStage = (
  invocations: readonly Invocation[],
  publishesAtMs: readonly number[],
): readonly number[] =>
  invocations
    .filter((one) => one.function === "publish-commands")
    .map(
      ({ atMs, tookMs }) =>
        publishesAtMs.filter((at) => at >= atMs && at <= atMs + tookMs + 1).length,
    );

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const addTraffic = (traffic: Map<string, Traffic>, key: string, call: CarriedOutCall): void => {
  const before = traffic.get(key);
  traffic.set(key, {
    requestBytes: (before?.requestBytes ?? 0) + call.request.body.byteLength,
    responseBytes: (before?.responseBytes ?? 0) + Buffer.byteLength(call.response.body),
  });
};

const identify = (
  { receivedAtMs, tookMs, response }: CarriedOutCall,
  functionArn: string,
  sinceMs: number,
  names: NamesInTemplate,
): IdentifiedInvocation => {
  const physical = functionArn.split(":").at(-1) ?? functionArn;
  const known = names.functions.get(physical);
  if (known === undefined) throw new Problem(`The template has no function ${physical}.`);
  return {
    function: known.name,
    atMs: receivedAtMs - sinceMs,
    tookMs: Math.round(tookMs),
    requestId: response.headers["x-amzn-requestid"] ?? "",
    memoryMb: known.memoryMb,
  };
};

const addWrite = (
  writes: Map<string, Writes>,
  by: string,
  call: CarriedOutCall,
  tables: ReadonlyMap<string, TableDescription>,
): void => {
  const { TableName, Item: item } = JSON.parse(call.request.body.toString("utf8")) as {
    readonly TableName: string;
    readonly Item: Item;
  };
  const table = tables.get(TableName);
  if (table === undefined) throw new Problem(`${by} writes to ${TableName}, which is not known.`);
  const kind = String(Object.values(item.SK ?? {})[0]).split("#")[0] ?? "";
  const before = writes.get(`${by} ${kind}`);
  const entries = indexEntries(item, table);
  const indexUnits = { ...before?.indexUnits };
  const indexStoredBytes = { ...before?.indexStoredBytes };
  for (const entry of entries) {
    const { index } = entry;
    indexUnits[index] = (indexUnits[index] ?? 0) + entry.units;
    indexStoredBytes[index] = (indexStoredBytes[index] ?? 0) + entry.storedBytes;
  }
  writes.set(`${by} ${kind}`, {
    by,
    table: tableOf(TableName),
    item: kind,
    count: (before?.count ?? 0) + 1,
    bytes: (before?.bytes ?? 0) + itemBytes(item),
    units: (before?.units ?? 0) + writeUnits(item),
    indexUnits,
    storedBytes: (before?.storedBytes ?? 0) + storedBytes(item),
    indexStoredBytes,
    unitsInOneDay: entries
      .filter(({ isInOneDay }) => isInOneDay)
      .reduce((sum, { units }) => sum + units, before?.unitsInOneDay ?? 0),
  });
};

const tableOf = (tableName: string): AskedTable => (tableName.includes("Audit") ? "audit" : "home");

const addRead = (reads: Map<string, Reads>, by: string, call: CarriedOutCall): void => {
  const asked = JSON.parse(call.request.body.toString("utf8")) as {
    readonly TableName: string;
    readonly ConsistentRead?: boolean;
    readonly FilterExpression?: string;
    readonly ProjectionExpression?: string;
  };
  if (asked.FilterExpression !== undefined || asked.ProjectionExpression !== undefined) {
    throw new Problem(`${by} reads more than it is given; how much is not seen here.`);
  }
  const { Items = [] } = JSON.parse(call.response.body.toString()) as {
    readonly Items?: readonly Item[];
  };
  const bytes = Items.reduce((sum, item) => sum + itemBytes(item), 0);
  const table = tableOf(asked.TableName);
  const before = reads.get(`${by} ${table}`);
  reads.set(`${by} ${table}`, {
    by,
    table,
    count: (before?.count ?? 0) + 1,
    bytes: (before?.bytes ?? 0) + bytes,
    units: (before?.units ?? 0) + readUnits(bytes, asked.ConsistentRead === true),
  });
};
