// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
import { appendFileSync } from "node:fs";
import { AwsError } from "#local/wire/aws-service.ts";
import { type LogGroups, logFile, namedStream } from "./log-groups.ts";

/** Appends events, one line of JSON each: `{"timestamp","stream","message"}`. @throws AwsError */
export const putLogEvents = (
  groups: LogGroups,
  input: Readonly<Record<string, unknown>>,
): unknown => {
  const { group, stream, key } = namedStream(groups, input);
  if (!groups.streams.has(key)) {
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
  const { logEvents } = input;
  if (!Array.isArray(logEvents) || logEvents.length === 0 || logEvents.length > 10_000) {
    throw new AwsError("InvalidParameterException", "logEvents must hold 1 to 10,000 events.");
  }
  const lines = logEvents.map((event: unknown) => {
    const { timestamp, message } = (event ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof timestamp !== "number" || typeof message !== "string" || message === "") {
      throw new AwsError("InvalidParameterException", "A log event needs timestamp and message.");
    }
    return `${JSON.stringify({ timestamp, stream, message })}\n`;
  });
  appendFileSync(logFile(groups, group), lines.join(""), { mode: 0o600 });
  return {};
};
