// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LogFile, openLog } from "#local/wire/logs/log-file.ts";

const TAIL_BYTES = 4096;

/** Where a function's lines go: one file for the function, as one log group in CloudWatch. */
export interface FunctionLog {
  write(lines: string): void;
  close(): Promise<void>;
}

/** Opens a log in the directory, or one that keeps nothing. Through a stream each piece would cost the house twice as much CPU. */
export const openLogFile = (directory: string | undefined, name: string): FunctionLog => {
  let file = directory === undefined ? undefined : openIfPossible(directory, name);
  return {
    write: (lines) => {
      if (file === undefined) return;
      try {
        file.write(lines);
      } catch {
        // A full disk must not end the house: these lines are lost, and there may be room for the next.
      }
    },
    close: async () => {
      file?.close();
      file = undefined;
    },
  };
};

const openIfPossible = (directory: string, name: string): LogFile | undefined => {
  mkdirSync(directory, { recursive: true });
  try {
    return openLog(join(directory, name));
  } catch {
    // A house whose lines cannot be kept is still a house.
    return undefined;
  }
};

/** One call as its REPORT line tells it. */
export interface CallReport {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryKb: number;
  /** Only for the first call of an environment. */
  readonly initMs?: number;
  /** How it ended, where it did not end well, e.g. `timeout`. */
  readonly status?: string;
}

/** The lines of one execution environment, and the end of what its present call printed. */
export interface EnvironmentLog {
  /** What the function printed, as it comes. */
  print(chunk: string): void;
  started(requestId: string): void;
  /** Ends a call, and gives the last 4 KB of its lines. */
  ended(report: CallReport): string;
}

/** Writes whole lines only, so that environments that print at once do not mix theirs. */
export const environmentLog = (log: FunctionLog): EnvironmentLog => {
  let partial = "";
  let recent = "";
  const write = (lines: string): void => {
    recent = (recent + lines).slice(-TAIL_BYTES);
    log.write(lines);
  };
  const flush = (): void => {
    if (partial !== "") write(`${partial}\n`);
    partial = "";
  };
  return {
    print: (chunk) => {
      const text = partial + chunk;
      const end = text.lastIndexOf("\n") + 1;
      partial = text.slice(end);
      if (end > 0) write(text.slice(0, end));
    },
    started: (requestId) => {
      flush();
      recent = "";
      write(`START RequestId: ${requestId} Version: $LATEST\n`);
    },
    ended: ({ requestId, durationMs, memorySizeMb, maxMemoryKb, initMs, status }) => {
      flush();
      const columns = [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
        `Memory Size: ${memorySizeMb} MB`,
        `Max Memory Used: ${Math.round(maxMemoryKb / 1024)} MB`,
        ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
        ...(status === undefined ? [] : [`Status: ${status}`]),
      ];
      write(`END RequestId: ${requestId}\n${columns.join("\t")}\t\n`);
      return recent;
    },
  };
};
