import { isObject } from "#local/wire/json.ts";
import { createCloudWatchLogs } from "../logs/cloudwatch-logs.ts";
import type { Ground } from "./ground.ts";

/** Lets CloudWatch Logs take lines for the template's log groups. */
export const registerLogs = ({ identity, declared, endpoint, logDirectory }: Ground): void => {
  endpoint.register(
    createCloudWatchLogs({
      region: identity.region,
      accountId: identity.accountId,
      directory: logDirectory,
      logGroups: declared.ofType("AWS::Logs::LogGroup").map((group) => group.physical.ref),
      functionLogGroups: declared
        .ofType("AWS::Lambda::Function")
        .map(({ properties }) => logGroupIn(properties.LoggingConfig)),
    }),
  );
};

const logGroupIn = (logging: unknown): string =>
  isObject(logging) && typeof logging.LogGroup === "string" ? logging.LogGroup : "";
