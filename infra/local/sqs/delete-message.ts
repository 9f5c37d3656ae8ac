// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
import { queueOf, type SqsOperation, textOf } from "./operation.ts";

/** Takes a received message out of the queue; a handle that has no message any more is no error. */
export const deleteMessage: SqsOperation = {
  name: "DeleteMessage",
  understand: (input, queues) => {
    const { name, arn, find } = queueOf(input, queues);
    return {
      permissions: [{ action: "sqs:DeleteMessage", resource: arn }],
      carryOut: () => {
        find();
        queues.messages.remove(name, textOf(input, "ReceiptHandle"));
        return {};
      },
    };
  },
};
