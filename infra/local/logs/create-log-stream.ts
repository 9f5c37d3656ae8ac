// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
import { AwsError } from "#local/wire/aws-service.ts";
import { groupArn, namedStream } from "./log-groups.ts";
import type { LogsOperation } from "./operation.ts";

/** Makes a stream. Decided on the group. @throws AwsError `ResourceAlreadyExistsException` */
export const createLogStream: LogsOperation = {
  name: "CreateLogStream",
  understand: (input, groups) => ({
    permissions: [{ action: "logs:CreateLogStream", resource: `${groupArn(groups, input)}:*` }],
    carryOut: () => {
      const { key } = namedStream(groups, input);
      if (groups.streams.has(key)) {
        throw new AwsError(
          "ResourceAlreadyExistsException",
          "The specified log stream already exists",
        );
      }
      groups.streams.add(key);
      return {};
    },
  }),
};
