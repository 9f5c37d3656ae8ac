// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
import { AwsError } from "#local/wire/aws-service.ts";
import { isObject } from "#local/wire/json.ts";
import { openLog } from "#local/wire/logs/log-file.ts";
import { groupArn, logFile, namedStream, nameOf } from "./log-groups.ts";
import type { LogsOperation } from "./operation.ts";

/** Appends events, one line of JSON each: `{"timestamp","stream","message"}`. Decided on the stream. */
export const putLogEvents: LogsOperation = {
  name: "PutLogEvents",
  understand: (input, groups) => ({
    permissions: [
      {
        action: "logs:PutLogEvents",
        resource: `${groupArn(groups, input)}:log-stream:${nameOf(input.logStreamName)}`,
      },
    ],
    carryOut: () => {
      const { group, stream, key } = namedStream(groups, input);
      if (!groups.streams.has(key)) {
        throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
      }
      const { logEvents } = input;
      if (!Array.isArray(logEvents) || logEvents.length === 0 || logEvents.length > 10_000) {
        throw new AwsError("InvalidParameterException", "logEvents must hold 1 to 10,000 events.");
      }
      const lines = logEvents.map((event: unknown) => lineOf(event, stream));
      const log = openLog(logFile(groups, group));
      try {
        log.write(lines.join(""));
      } finally {
        log.close();
      }
      return {};
    },
  }),
};

const lineOf = (event: unknown, stream: string): string => {
  const { timestamp, message } = isObject(event) ? event : {};
  if (typeof timestamp !== "number" || typeof message !== "string" || message === "") {
    throw new AwsError("InvalidParameterException", "A log event needs timestamp and message.");
  }
  return `${JSON.stringify({ timestamp, stream, message })}\n`;
};
