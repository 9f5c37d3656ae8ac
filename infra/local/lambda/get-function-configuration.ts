// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
import type { FunctionDescription } from "./function-description.ts";

/** GetFunctionConfiguration: what the template says of the function. */
export const getFunctionConfiguration = (description: FunctionDescription) => ({
  FunctionName: description.name,
  FunctionArn: description.arn,
  Role: description.roleArn,
  Runtime: "nodejs24.x",
  Handler: description.handler,
  Timeout: description.timeoutSeconds,
  MemorySize: description.memorySizeMb,
  Version: "$LATEST",
  State: "Active",
  LastUpdateStatus: "Successful",
  PackageType: "Zip",
  Environment: { Variables: description.environment },
  LoggingConfig: {
    LogFormat: "Text",
    LogGroup: description.logGroupName ?? `/aws/lambda/${description.name}`,
  },
});
