// What AWS writes to CloudWatch Logs: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LogFile, openLog } from "#local/wire/logs/log-file.ts";
import { detailsShape, withoutExecutionData } from "../history/event-shape.ts";
import type { EventSink, HistoryEvent } from "../history/history-event.ts";
import { isLogged } from "./log-level.ts";
import type { LoggingConfiguration } from "./store.ts";

/** The name of the file that a log group's lines go to, e.g. `aws-vendedlogs-states-run-scene.log`. */
export const logFileName = (logGroupName: string): string =>
  `${logGroupName.replace(/^\//, "").replaceAll("/", "-")}.log`;

// arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/run-scene:*
const groupName = (arn: string): string => /:log-group:([^:]+)/.exec(arn)?.[1] ?? arn;

// Many events of one turn of the loop become one write.
const FLUSH_AFTER_MS = 20;

/** Writes executions' events as lines of JSON, a file for each log group. */
export class ExecutionLogs {
  readonly #directory: string | undefined;
  readonly #pending = new Map<string, string[]>();
  /** Opened at the first line, and kept: an open and a close for each flush cost more than the write. */
  readonly #files = new Map<string, LogFile>();
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /** Takes the events of one execution, or is undefined where nothing of it is logged. */
  sink(logging: LoggingConfiguration, executionArn: string): EventSink | undefined {
    const files = logging.logGroupArns.map((arn) => logFileName(groupName(arn)));
    if (this.#directory === undefined || logging.level === "OFF" || files.length === 0) {
      return undefined;
    }
    return {
      wants: (type) => isLogged(logging.level, type),
      take: (event) => {
        const line = logLine(event, executionArn, logging.includeExecutionData);
        for (const file of files) this.#append(file, line);
      },
    };
  }

  /** Writes what is still pending. */
  close(): void {
    this.#flush();
    for (const file of this.#files.values()) file.close();
  }

  #open(directory: string, name: string): LogFile {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    mkdirSync(directory, { recursive: true });
    const file = openLog(join(directory, name));
    this.#files.set(name, file);
    return file;
  }

  #append(file: string, line: string): void {
    const lines = this.#pending.get(file);
    if (lines === undefined) this.#pending.set(file, [line]);
    else lines.push(line);
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const directory = this.#directory;
    if (directory === undefined || this.#pending.size === 0) return;
    const batch = [...this.#pending];
    this.#pending.clear();
    for (const [name, lines] of batch) {
      try {
        this.#open(directory, name).write(lines.join(""));
      } catch {
        // A full disk must not end executions: these lines are lost, and there may be room for the next.
      }
    }
  }
}

// Recorded: numbers are text, and what an event follows is named in snake case.
const logLine = (
  event: HistoryEvent,
  executionArn: string,
  includeExecutionData: boolean,
): string => {
  const details = detailsShape(event);
  return `${JSON.stringify({
    id: String(event.id),
    type: event.type,
    details: includeExecutionData ? details : withoutExecutionData(details),
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(Math.round(event.atMs)),
    execution_arn: executionArn,
    redrive_count: "0",
  })}\n`;
};
