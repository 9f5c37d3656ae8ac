// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { isObject, type JsonObject } from "#local/wire/json.ts";
import { readLog } from "#local/wire/logs/read-log.ts";
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
    const { group, fromMs, untilMs, after, limit } = parse(input, groups);
    return {
      permissions: [{ action: "logs:FilterLogEvents", resource: `${groupArn(groups, input)}:*` }],
      carryOut: () => {
        const found = eventsOf(groups, group).filter(
          (event) =>
            event.timestamp >= fromMs &&
            event.timestamp <= untilMs &&
            (after === undefined || inOrder(after, event) < 0),
        );
        const events = found.slice(0, limit);
        const last = events.at(-1);
        return {
          events,
          // Deprecated, and empty since 2019.
          searchedLogStreams: [],
          ...(events.length < found.length && last !== undefined
            ? { nextToken: `${last.timestamp}-${last.eventId}` }
            : {}),
        };
      },
    };
  },
};

const parse = (input: JsonObject, groups: LogGroups) => {
  const other = Object.keys(input).find((member) => !TAKEN.has(member));
  if (other !== undefined) throw notEmulated("CloudWatch Logs", `FilterLogEvents with ${other}`);
  const { logGroupName: group, startTime = 0, endTime, nextToken, limit = MOST } = input;
  if (typeof group !== "string" || !groups.names.has(group)) {
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  if (groups.ofFunctions.has(group)) {
    throw notEmulated("CloudWatch Logs", "FilterLogEvents of a function's log group");
  }
  const until = endTime ?? Number.MAX_SAFE_INTEGER;
  const after = parseToken(nextToken);
  const isWhole = (value: unknown, least: number): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= least;
  if (
    !isWhole(startTime, 0) ||
    !isWhole(until, 0) ||
    !isWhole(limit, 1) ||
    limit > MOST ||
    (nextToken !== undefined && after === undefined)
  ) {
    throw new AwsError(
      "InvalidParameterException",
      "startTime, endTime, limit or nextToken is not valid.",
    );
  }
  return { group, fromMs: startTime, untilMs: until, after, limit };
};

/** The place of an event: its line's, where several are of one time. */
type Place = Pick<FoundEvent, "timestamp" | "eventId">;

interface FoundEvent {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  /** The number of its piece of the log and of its line there, each with as many digits as any: in the order of the log. */
  readonly eventId: string;
}

// A page ends behind an event and not at a position: what was beyond the log's bound may be gone when the next is asked for.
const parseToken = (token: unknown): Place | undefined => {
  const [, timestamp, eventId] = /^(\d{1,16})-(\d{56})$/.exec(String(token)) ?? [];
  return timestamp === undefined || eventId === undefined
    ? undefined
    : { timestamp: Number(timestamp), eventId };
};

const inOrder = (one: Place, other: Place): number =>
  one.timestamp - other.timestamp ||
  (one.eventId < other.eventId ? -1 : Number(one.eventId !== other.eventId));

const eventsOf = (groups: LogGroups, group: string): readonly FoundEvent[] =>
  readLog(logFile(groups, group))
    .flatMap(({ number, lines }) =>
      lines.flatMap((line, index) => {
        const event = parseLine(line);
        if (event === undefined) return [];
        const { timestamp, stream, message } = event;
        return [
          {
            logStreamName: stream,
            timestamp,
            message,
            ingestionTime: timestamp,
            eventId: `${number}`.padStart(28, "0") + `${index}`.padStart(28, "0"),
          },
        ];
      }),
    )
    .sort(inOrder);

// An event that PutLogEvents kept, or a state machine's own line, whose stream's name AWS makes of the date.
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
