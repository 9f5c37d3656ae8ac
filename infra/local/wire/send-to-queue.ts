// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
import type { AwsAccess, AwsAnswer } from "./aws-call.ts";
import { callJson } from "./call-json.ts";
import { SQS } from "./json-api.ts";

/** A message for a queue, as another service sends it. */
export interface QueueMessage {
  /** `arn:aws:sqs:REGION:ACCOUNT:NAME` */
  readonly queueArn: string;
  readonly body: string;
  /** Attributes of the type String. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Sends a message. An error is an answer too; a broken connection rejects. */
export const sendToQueue = (
  access: AwsAccess,
  { queueArn, body, attributes }: QueueMessage,
  signal?: AbortSignal,
): Promise<AwsAnswer> => {
  const [, , , region, account, name] = queueArn.split(":");
  return callJson(
    access,
    SQS,
    "SendMessage",
    {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      MessageBody: body,
      ...(attributes === undefined
        ? {}
        : {
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([key, value]) => [
                key,
                { DataType: "String", StringValue: value },
              ]),
            ),
          }),
    },
    signal,
  );
};
