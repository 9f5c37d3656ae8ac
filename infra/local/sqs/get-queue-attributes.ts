// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
import { isArray, type Json } from "#local/wire/json.ts";
import { type Queues, queueOf, type SqsOperation } from "./operation.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { sqsError } from "./sqs-error.ts";

/** A queue's settings, and how many messages it holds: here not approximately. */
export const getQueueAttributes: SqsOperation = {
  name: "GetQueueAttributes",
  understand: (input, queues) => {
    const { arn, find } = queueOf(input, queues);
    return {
      permissions: [{ action: "sqs:GetQueueAttributes", resource: arn }],
      carryOut: () => {
        const known = attributesOf(find(), queues);
        const given: Json = input.AttributeNames ?? [];
        const asked = isArray(given) ? given : [];
        const unknown = asked.find((name) => name !== "All" && !known.has(String(name)));
        if (unknown !== undefined) {
          throw sqsError("InvalidAttributeName", `Unknown Attribute ${String(unknown)}.`);
        }
        const all = asked.includes("All");
        const told = [...known].filter(([name]) => all || asked.includes(name));
        return told.length === 0 ? {} : { Attributes: Object.fromEntries(told) };
      },
    };
  },
};

const attributesOf = (queue: QueueSettings, queues: Queues): ReadonlyMap<string, string> => {
  const nowMs = queues.nowMs();
  queues.messages.expire(queue.name, nowMs - queue.retentionSeconds * 1000);
  const { visible, inFlight, delayed } = queues.messages.count(queue.name, nowMs);
  return new Map([
    ["QueueArn", queue.arn],
    ["ApproximateNumberOfMessages", String(visible)],
    ["ApproximateNumberOfMessagesNotVisible", String(inFlight)],
    ["ApproximateNumberOfMessagesDelayed", String(delayed)],
    ["VisibilityTimeout", String(queue.visibilityTimeoutSeconds)],
    ["MessageRetentionPeriod", String(queue.retentionSeconds)],
    ["DelaySeconds", String(queue.delaySeconds)],
    ["MaximumMessageSize", String(queue.maximumMessageBytes)],
    ["ReceiveMessageWaitTimeSeconds", String(queue.waitSeconds)],
  ]);
};
