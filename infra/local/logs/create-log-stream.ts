// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
import { AwsError } from "#local/wire/aws-service.ts";
import { type LogGroups, namedStream } from "./log-groups.ts";

/** Makes a stream. @throws AwsError `ResourceAlreadyExistsException` */
export const createLogStream = (
  groups: LogGroups,
  input: Readonly<Record<string, unknown>>,
): unknown => {
  const { key } = namedStream(groups, input);
  if (groups.streams.has(key)) {
    throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
  }
  groups.streams.add(key);
  return {};
};
