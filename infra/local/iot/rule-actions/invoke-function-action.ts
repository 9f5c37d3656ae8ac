// https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { invokeFunction } from "#local/wire/invoke-function.ts";
import { parseJson } from "../messages/json.ts";
import { failureOfAnswer } from "./rule-action-failure.ts";
import { isPayload, outputBytes, type RuleOutput, unusable } from "./rule-output.ts";

/** Invokes a function asynchronously; its event is the output, without an envelope. */
export const invokeFunctionAction = async (
  access: AwsAccess,
  functionArn: string,
  output: RuleOutput,
  signal: AbortSignal,
): Promise<void> => {
  const action = `Failed to invoke lambda function ${functionArn}.`;
  if (isPayload(output) && "fault" in parseJson(output)) throw unusable(action, "JSON");
  const answer = await invokeFunction(access, {
    functionName: functionArn,
    payload: outputBytes(output).toString("utf8"),
    invocationType: "Event",
    signal,
  });
  const failure = failureOfAnswer(answer, action, "AWSLambda");
  if (failure !== undefined) throw failure;
};
