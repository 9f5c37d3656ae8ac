// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
import { existsSync, readFileSync } from "node:fs";
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { isObject, type JsonObject } from "#local/wire/json.ts";
import { groupArn, type LogGroups, logFile } from "./log-groups.ts";
import type { LogsOperation } from "./operation.ts";

const TAKEN: ReadonlySet<string> = new Set([
  "logGroupName",
  "startTime",
  "endTime",
  "nextToken",
  "limit",
]);
const MOST = 10_000;

/** Gives a group's events, the oldest first, a page at a time. Decided on the group. */
export const filterLogEvents: LogsOperation = {
  name: "FilterLogEvents",
  understand: (input, groups) => {
    const { group, fromMs, untilMs, offset, limit } = parse(input, groups);
    return {
      permissions: [{ action: "logs:FilterLogEvents", resource: `${groupArn(groups, input)}:*` }],
      carryOut: () => {
        const found = eventsOf(groups, group).filter(
          ({ timestamp }) => timestamp >= fromMs && timestamp <= untilMs,
        );
        const end = offset + limit;
        return {
          events: found.slice(offset, end),
          // Deprecated, and empty since 2019.
          searchedLogStreams: [],
          ...(end < found.length ? { nextToken: String(end) } : {}),
        };
      },
    };
  },
};

const parse = (input: JsonObject, groups: LogGroups) => {
  const other = Object.keys(input).find((member) => !TAKEN.has(member));
  if (other !== undefined) throw notEmulated("CloudWatch Logs", `FilterLogEvents with ${other}`);
  const { logGroupName: group, startTime = 0, endTime, nextToken = "0", limit = MOST } = input;
  if (typeof group !== "string" || !groups.names.has(group)) {
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  if (groups.ofFunctions.has(group)) {
    throw notEmulated("CloudWatch Logs", "FilterLogEvents of a function's log group");
  }
  const until = endTime ?? Number.MAX_SAFE_INTEGER;
  const isWhole = (value: unknown, least: number): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= least;
  if (
    !isWhole(startTime, 0) ||
    !isWhole(until, 0) ||
    !isWhole(limit, 1) ||
    limit > MOST ||
    typeof nextToken !== "string" ||
    !/^\d{1,12}$/.test(nextToken)
  ) {
    throw new AwsError(
      "InvalidParameterException",
      "startTime, endTime, limit or nextToken is not valid.",
    );
  }
  return { group, fromMs: startTime, untilMs: until, offset: Number(nextToken), limit };
};

interface FoundEvent {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  readonly eventId: string;
}

const eventsOf = (groups: LogGroups, group: string): readonly FoundEvent[] => {
  const file = logFile(groups, group);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const event = parseLine(line);
      if (event === undefined) return [];
      const { timestamp, stream, message } = event;
      return [
        {
          logStreamName: stream,
          timestamp,
          message,
          ingestionTime: timestamp,
          eventId: String(index).padStart(56, "0"),
        },
      ];
    })
    .sort((one, other) => one.timestamp - other.timestamp);
};

// An event that PutLogEvents kept, or a state machine's own line, whose stream's name AWS makes of the date. A line may be
// half written while it is read.
const parseLine = (line: string) => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { timestamp, stream, message, event_timestamp: atMs } = value;
  if (typeof atMs === "string") {
    return { timestamp: Number(atMs), stream: "states", message: line };
  }
  if (typeof timestamp !== "number" || typeof stream !== "string") return undefined;
  return typeof message === "string" ? { timestamp, stream, message } : undefined;
};
