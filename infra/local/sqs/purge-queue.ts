// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
import { queueOf, type SqsOperation } from "./operation.ts";

/** Deletes every message, at once: AWS takes up to a minute, and refuses a second purge within it. */
export const purgeQueue: SqsOperation = {
  name: "PurgeQueue",
  understand: (input, queues) => {
    const { name, arn, find } = queueOf(input, queues);
    return {
      permissions: [{ action: "sqs:PurgeQueue", resource: arn }],
      carryOut: () => {
        find();
        queues.messages.purge(name);
        return {};
      },
    };
  },
};
