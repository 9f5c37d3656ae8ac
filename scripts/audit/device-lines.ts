import { describeReported } from "#domain/audit/run-timeline.ts";
import { isObject } from "#domain/json.ts";
import { spelt } from "#domain/printable.ts";

type Item = Readonly<Record<string, unknown>>;

/** The newest report in which a device's state changed. */
export const lastChange = (reports: readonly Item[]): Item | undefined =>
  reports.find((item) => stateOf(item.before) !== stateOf(item.after));

/** The run that a report answers; undefined for a change without a command. */
export const runOfReport = ({ command }: Item): string | undefined =>
  isObject(command) && typeof command.run === "string" ? command.run : undefined;

/** Who made a device be as it is, in one sentence; `request` is the record of the run that it answered. */
export const whoChangedIt = (
  device: string,
  reports: readonly Item[],
  request: Item | undefined,
): string => {
  const change = lastChange(reports);
  if (change === undefined) {
    const state = stateOf(reports[0]?.after);
    return spelt(
      `${device} is ${state}; its last ${reports.length} reports changed nothing. (--limit reads more)`,
    );
  }
  const what = `${device} is ${stateOf(change.after)} since ${moment(change)}, before it was ${stateOf(change.before)}`;
  const run = runOfReport(change);
  if (run === undefined) {
    return spelt(`${what}: it was changed without a command, by hand or by itself.`);
  }
  if (request === undefined) {
    return spelt(`${what}: by ${run}, whose request is no longer recorded.`);
  }
  const caller = isObject(request.caller) ? request.caller : {};
  const why = typeof request.reason === "string" ? JSON.stringify(request.reason) : "none given";
  return spelt(
    `${what}: by ${run} (${String(request.scene)}), which ${String(caller.username ?? caller.clientId)} asked for through the client ${String(caller.clientId)}; reason: ${why}.`,
  );
};

/** A report in one line. */
export const reportLine = (item: Item): string => {
  const run = runOfReport(item);
  const { command } = item;
  const why =
    run === undefined
      ? "without a command"
      : `${run}  ${isObject(command) ? `${String(command.status)}${typeof command.reason === "string" ? ` ${command.reason}` : ""}` : ""}`;
  return spelt(`${moment(item)}  ${why}  ${stateOf(item.before)} → ${stateOf(item.after)}`);
};

/** The columns of a device's history as CSV, and a report's cells. */
export const REPORT_COLUMNS = ["reported_at", "thing", "run", "status", "before", "after"] as const;

export const reportCells = (item: Item): readonly string[] => [
  moment(item),
  String(item.thing),
  runOfReport(item) ?? "",
  isObject(item.command) ? String(item.command.status) : "",
  stateOf(item.before),
  stateOf(item.after),
];

const moment = (item: Item): string => {
  const at = new Date(Number(item.acknowledgedAt));
  return Number.isNaN(at.getTime()) ? "at no time" : at.toISOString();
};

const stateOf = (state: unknown): string => (isObject(state) ? describeReported(state) : "unknown");
