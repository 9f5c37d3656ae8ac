// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
import type { SqsOperation } from "./operation.ts";

/** The queues whose names begin so, all in one answer. */
export const listQueues: SqsOperation = {
  name: "ListQueues",
  understand: (input, queues) => ({
    permissions: [{ action: "sqs:ListQueues", resource: queues.arn("*") }],
    carryOut: () => {
      const { QueueNamePrefix: prefix } = input;
      const found = [...queues.byName.keys()].filter((name) =>
        name.startsWith(typeof prefix === "string" ? prefix : ""),
      );
      return found.length === 0 ? {} : { QueueUrls: found.map((name) => queues.url(name)) };
    },
  }),
};
