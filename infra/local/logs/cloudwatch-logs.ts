// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { CLOUDWATCH_LOGS } from "#local/wire/json-api.ts";
import { jsonService } from "#local/wire/json-service.ts";
import { createLogStream } from "./create-log-stream.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { putLogEvents } from "./put-log-events.ts";

export interface CloudWatchLogsOptions {
  readonly region: string;
  readonly accountId: string;
  /** One log per group: its name with `/` as `-`, and `.log`. */
  readonly directory: string;
  /** The groups that exist, as the template declares them. */
  readonly logGroups: readonly string[];
  /** Those of them to which functions write: what is in these is not read back. */
  readonly functionLogGroups?: readonly string[];
}

/** CloudWatch Logs as far as a rule's error action and a reader of a log need it: events are kept in files. */
export const createCloudWatchLogs = ({
  region,
  accountId,
  directory,
  logGroups,
  functionLogGroups = [],
}: CloudWatchLogsOptions): AwsService =>
  jsonService({
    name: "CloudWatch Logs",
    api: CLOUDWATCH_LOGS,
    operations: [createLogStream, filterLogEvents, putLogEvents],
    context: {
      region,
      accountId,
      directory,
      names: new Set(logGroups),
      ofFunctions: new Set(functionLogGroups),
      streams: new Set<string>(),
    },
  });
