import { join } from "node:path";
import { logsIn, readLog } from "#local/wire/logs/read-log.ts";
import { Problem } from "../command/problem.ts";

/** One event of an execution, as Step Functions writes it to CloudWatch Logs. */
export interface LoggedEvent {
  readonly id: number;
  readonly type: string;
  readonly atMs: number;
  readonly details: Readonly<Record<string, unknown>>;
  /** The line as it was written. */
  readonly line: string;
}

/** One execution with what was logged of it, in the order of its events. */
export interface LoggedExecution {
  readonly arn: string;
  readonly machine: string;
  readonly name: string;
  readonly events: readonly LoggedEvent[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const BEGINNING = '{"id":';

const parseEvent = (line: string): (LoggedEvent & { readonly arn: string }) | undefined => {
  if (!line.startsWith(BEGINNING)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value.execution_arn !== "string") return undefined;
  return {
    id: Number(value.id),
    type: String(value.type),
    atMs: Number(value.event_timestamp),
    details: isRecord(value.details) ? value.details : {},
    line,
    arn: value.execution_arn,
  };
};

/** The lines of executions in every log of a folder, which holds the functions' logs too. @throws Problem where there is no such folder */
export const linesInFolder = (directory: string): readonly string[] => {
  let logs: readonly string[];
  try {
    logs = logsIn(directory);
  } catch (cause) {
    throw new Problem(
      `There are no logs in ${directory}. Start the house with npm start, or name its folder with --data DIR.`,
      { cause },
    );
  }
  return logs.flatMap((log) =>
    readLog(join(directory, log)).flatMap(({ lines }) =>
      lines.filter((line) => line.startsWith(BEGINNING)),
    ),
  );
};

/** Every execution of which something is among the lines, the newest last. */
export const executionsIn = (lines: readonly string[]): readonly LoggedExecution[] => {
  const byArn = new Map<string, LoggedEvent[]>();
  for (const line of lines) {
    const event = parseEvent(line);
    if (event === undefined) continue;
    const events = byArn.get(event.arn);
    if (events === undefined) byArn.set(event.arn, [event]);
    else events.push(event);
  }
  return [...byArn]
    .map(([arn, events]) => ({
      arn,
      ...namesIn(arn),
      events: events.sort((a, b) => a.id - b.id),
    }))
    .sort((a, b) => (a.events[0]?.atMs ?? 0) - (b.events[0]?.atMs ?? 0));
};

// arn:aws:states:REGION:ACCOUNT:express:MACHINE:NAME:UUID, or …:execution:MACHINE:NAME
const namesIn = (arn: string): { readonly machine: string; readonly name: string } => {
  const [, , , , , , machine = arn, name = arn] = arn.split(":");
  return { machine, name };
};

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

/** An execution for the eye: when, what, how it ended and how long it took, then a line an event. */
export const executionLines = (execution: LoggedExecution): readonly string[] => {
  const { events, machine, name } = execution;
  const first = events[0];
  const last = events.at(-1);
  const startMs = first?.atMs ?? 0;
  const isComplete = first?.type === "ExecutionStarted";
  const end = last?.type.startsWith("Execution") === true && last !== first ? last.type : undefined;
  const seconds = ((last?.atMs ?? startMs) - startMs) / 1000;
  return [
    `${new Date(startMs).toISOString().replace("T", " ").slice(0, 19)}  ${machine}  ${name}  ${
      end?.replace("Execution", "").toLowerCase() ?? "no end logged"
    }${isComplete && end !== undefined ? ` after ${seconds.toFixed(2)} s` : ""}`,
    ...events.map(
      (event) =>
        `  ${clock(event.atMs)}  ${String(event.id).padStart(4)}  ${event.type.padEnd(22)}  ${summary(event.details)}`,
    ),
    "",
  ];
};

const SHOWN = ["name", "index", "error", "cause", "input", "parameters", "output"] as const;
const MAX_SHOWN = 160;

const summary = (details: LoggedEvent["details"]): string =>
  SHOWN.flatMap((member) => {
    const value = details[member];
    if (value === undefined) return [];
    const text = String(value);
    const short = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    return [member === "name" || member === "error" ? short : `${member} ${short}`];
  })
    .join("  ")
    .trimEnd();
