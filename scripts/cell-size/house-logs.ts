import { join } from "node:path";
import { logsIn, readLog } from "#local/wire/logs/read-log.ts";
import { Problem } from "../command/problem.ts";
import { executionsIn, type LoggedExecution, linesInFolder } from "../records/execution-log.ts";
import type { LogVolume } from "./measured.ts";

// What CloudWatch Logs adds to each event: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
const BYTES_AN_EVENT = 26;

/** The log of the execution that bears the run's id. */
export const executionOf = (logs: string, run: string): LoggedExecution => {
  const execution = executionsIn(linesInFolder(logs)).find(({ name }) => name === run);
  if (execution === undefined) throw new Problem(`The run ${run} is not in the logs of ${logs}.`);
  return execution;
};

/** What CloudWatch Logs would bill for lines. */
export const volumeOf = (lines: readonly string[]): LogVolume => ({
  lines: lines.length,
  bytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line, "utf8") + BYTES_AN_EVENT, 0),
});

/** The lines of calls, and what their REPORT lines say is billed, by request id. */
export const callsInLogs = (
  logs: string,
  requestIds: ReadonlySet<string>,
): { readonly lines: readonly string[]; readonly billedMs: ReadonlyMap<string, number> } => {
  const lines: string[] = [];
  const billedMs = new Map<string, number>();
  for (const log of logsIn(logs)) {
    let isWanted = false;
    for (const line of readLog(join(logs, log)).flatMap((piece) => piece.lines)) {
      const started = /^START RequestId: (\S+)/.exec(line)?.[1];
      if (started !== undefined) isWanted = requestIds.has(started);
      if (!isWanted) continue;
      lines.push(line);
      const report = /^REPORT RequestId: (\S+)\t.*\tBilled Duration: (\d+) ms\t/.exec(line);
      if (report === null) continue;
      billedMs.set(report[1] ?? "", Number(report[2]));
      isWanted = false;
    }
  }
  return { lines, billedMs };
};
