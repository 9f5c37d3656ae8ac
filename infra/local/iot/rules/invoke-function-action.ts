// https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { invokeFunction } from "#local/wire/invoke-function.ts";
import type { JsonObject } from "#local/wire/json.ts";
import { failureOfAnswer } from "./rule-action-failure.ts";

/** Invokes a function asynchronously; its event is the output, without an envelope. */
export const invokeFunctionAction = async (
  access: AwsAccess,
  functionArn: string,
  output: JsonObject,
  signal: AbortSignal,
): Promise<void> => {
  const answer = await invokeFunction(access, {
    functionName: functionArn,
    payload: JSON.stringify(output),
    invocationType: "Event",
    signal,
  });
  const failure = failureOfAnswer(
    answer,
    `Failed to invoke lambda function ${functionArn}.`,
    "AWSLambda",
  );
  if (failure !== undefined) throw failure;
};
