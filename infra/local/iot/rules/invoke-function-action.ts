// https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
import { type AwsAccess, callAws } from "#local/wire/aws-call.ts";
import type { JsonObject } from "#local/wire/json.ts";
import { failureOfAnswer } from "./rule-action-failure.ts";

/** Invokes a function asynchronously; its event is the output, without an envelope. */
export const invokeFunction = async (
  access: AwsAccess,
  functionArn: string,
  output: JsonObject,
  signal: AbortSignal,
): Promise<void> => {
  const answer = await callAws(access, {
    service: "lambda",
    method: "POST",
    path: `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`,
    headers: { "content-type": "application/json", "x-amz-invocation-type": "Event" },
    body: JSON.stringify(output),
    signal,
  });
  const failure = failureOfAnswer(
    answer,
    `Failed to invoke lambda function ${functionArn}.`,
    "AWSLambda",
  );
  if (failure !== undefined) throw failure;
};
