// https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html
import { type AwsAccess, callAws } from "#local/wire/aws-call.ts";
import { failureOfAnswer } from "./rule-action-failure.ts";
import { outputBytes, type RuleOutput } from "./rule-output.ts";

/**
 * Publishes the output through the data plane, so that the role's iot:Publish decides and a shadow update is one.
 * A reserved topic is written `$$aws/…`, because a single $ begins a substitution.
 */
export const republish = async (
  access: AwsAccess,
  to: { readonly topic: string; readonly qos: 0 | 1 },
  output: RuleOutput,
  signal: AbortSignal,
): Promise<void> => {
  const topic = to.topic.startsWith("$$") ? to.topic.slice(1) : to.topic;
  const answer = await callAws(access, {
    service: "iotdata",
    method: "POST",
    path: `/topics/${encodeURIComponent(topic)}?qos=${to.qos}`,
    body: outputBytes(output),
    signal,
  });
  const failure = failureOfAnswer(answer, `Failed to republish to topic ${topic}.`, "AwsIotData");
  if (failure !== undefined) throw failure;
};
