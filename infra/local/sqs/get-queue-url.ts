// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
import { findQueue, type SqsOperation, textOf } from "./operation.ts";

/** Where a queue is found: on this endpoint. */
export const getQueueUrl: SqsOperation = {
  name: "GetQueueUrl",
  understand: (input, queues) => {
    const name = textOf(input, "QueueName");
    return {
      permissions: [{ action: "sqs:GetQueueUrl", resource: queues.arn(name) }],
      carryOut: () => ({ QueueUrl: queues.url(findQueue(queues, name).name) }),
    };
  },
};
