import { join } from "node:path";
import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";

/** The log groups of a stack and the streams made in them since the start. */
export interface LogGroups {
  readonly region: string;
  readonly accountId: string;
  readonly directory: string;
  readonly names: ReadonlySet<string>;
  /** Those of functions, whose lines Lambda writes elsewhere. */
  readonly ofFunctions: ReadonlySet<string>;
  /** `group:stream` */
  readonly streams: Set<string>;
}

/** A name of a request as an ARN holds it; empty where there is none. */
export const nameOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The group that a request names, as permissions name it. */
export const groupArn = ({ region, accountId }: LogGroups, input: JsonObject): string =>
  `arn:aws:logs:${region}:${accountId}:log-group:${nameOf(input.logGroupName)}`;

/** A stream that a request names. @throws AwsError `InvalidParameterException`, `ResourceNotFoundException` */
export const namedStream = (
  groups: LogGroups,
  input: JsonObject,
): { readonly group: string; readonly stream: string; readonly key: string } => {
  const { logGroupName: group, logStreamName: stream } = input;
  // `:` and `*` are the two characters that a stream's name may not have.
  if (typeof group !== "string" || typeof stream !== "string" || !/^[^:*]{1,512}$/.test(stream)) {
    throw new AwsError("InvalidParameterException", "logGroupName or logStreamName is not valid.");
  }
  if (!groups.names.has(group)) {
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  return { group, stream, key: `${group}:${stream}` };
};

/** The log that holds a group's events. */
export const logFile = (groups: LogGroups, group: string): string =>
  join(groups.directory, `${group.replace(/^\//, "").replaceAll("/", "-")}.log`);
