import {
  AwsError,
  type AwsRequest,
  type AwsService,
  notEmulated,
} from "#local/wire/aws-service.ts";
import { createLogStream } from "./create-log-stream.ts";
import type { LogGroups } from "./log-groups.ts";
import { putLogEvents } from "./put-log-events.ts";

export interface CloudWatchLogsOptions {
  readonly region: string;
  readonly accountId: string;
  /** One file per log group: its name with `/` as `-`, and `.log`. */
  readonly directory: string;
  /** The groups that exist, as the template declares them. */
  readonly logGroups: readonly string[];
}

type Operation = (groups: LogGroups, input: Readonly<Record<string, unknown>>) => unknown;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateLogStream: createLogStream,
  PutLogEvents: putLogEvents,
};

/** CloudWatch Logs as far as a rule's error action needs it: streams are made and events are kept in a file. */
export const createCloudWatchLogs = (options: CloudWatchLogsOptions): AwsService => {
  const groups: LogGroups = {
    directory: options.directory,
    names: new Set(options.logGroups),
    streams: new Set(),
  };
  return {
    signingNames: ["logs"],
    errorProtocol: "json",
    requiredPermissions: (request) => {
      const operation = operationOf(request);
      const { logGroupName, logStreamName } = inputOf(request);
      const group = `arn:aws:logs:${options.region}:${options.accountId}:log-group:${text(logGroupName)}`;
      // CreateLogStream is decided on the group, PutLogEvents on the stream
      // (Service Authorization Reference, "Actions defined by Amazon CloudWatch Logs").
      const part = operation === "PutLogEvents" ? `:log-stream:${text(logStreamName)}` : ":*";
      return [{ action: `logs:${operation}`, resource: `${group}${part}` }];
    },
    handle: async (request) => {
      const name = operationOf(request);
      const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
      if (operation === undefined) throw notEmulated("CloudWatch Logs", name);
      return {
        status: 200,
        headers: { "content-type": "application/x-amz-json-1.1" },
        body: JSON.stringify(operation(groups, inputOf(request))),
      };
    },
  };
};

const operationOf = (request: AwsRequest): string =>
  /^Logs_20140328\.(\w+)$/.exec(request.headers["x-amz-target"] ?? "")?.[1] ?? "UnknownOperation";

const inputOf = (request: AwsRequest): Readonly<Record<string, unknown>> => {
  try {
    const input: unknown = JSON.parse(request.body.toString("utf8"));
    if (typeof input === "object" && input !== null) return input as Record<string, unknown>;
  } catch {
    // Answered below like every other body that is not an object.
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object.");
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");
