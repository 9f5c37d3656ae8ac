// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
import { integerOf, queueOf, type SqsOperation, textOf } from "./operation.ts";
import { sqsError } from "./sqs-error.ts";

/** Hides a received message for longer, or shows it at once. */
export const changeMessageVisibility: SqsOperation = {
  name: "ChangeMessageVisibility",
  understand: (input, queues) => {
    const { name, arn, find } = queueOf(input, queues);
    return {
      permissions: [{ action: "sqs:ChangeMessageVisibility", resource: arn }],
      carryOut: () => {
        const { visibilityTimeoutSeconds } = find();
        const handle = textOf(input, "ReceiptHandle");
        const seconds = integerOf(input, "VisibilityTimeout", {
          least: 0,
          most: 43_200,
          otherwise: visibilityTimeoutSeconds,
        });
        const nowMs = queues.nowMs();
        if (!queues.messages.hide(name, handle, nowMs, nowMs + seconds * 1000)) {
          throw sqsError("MessageNotInflight", "The specified message isn't in flight.");
        }
        return {};
      },
    };
  },
};
