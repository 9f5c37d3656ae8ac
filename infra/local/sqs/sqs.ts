// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
import { EventEmitter } from "node:events";
import type { AwsService } from "#local/wire/aws-service.ts";
import { SQS } from "#local/wire/json-api.ts";
import { jsonService } from "#local/wire/json-service.ts";
import { changeMessageVisibility } from "./change-message-visibility.ts";
import { deleteMessage } from "./delete-message.ts";
import { getQueueAttributes } from "./get-queue-attributes.ts";
import { getQueueUrl } from "./get-queue-url.ts";
import { listQueues } from "./list-queues.ts";
import { openMessageTable } from "./message-table.ts";
import type { Queues } from "./operation.ts";
import { purgeQueue } from "./purge-queue.ts";
import { parseQueue } from "./queue-settings.ts";
import { receiveMessage } from "./receive-message.ts";
import { sendMessage } from "./send-message.ts";

export interface SqsOptions {
  /** SQLite file of the messages; `:memory:` for tests. */
  readonly file: string;
  readonly region: string;
  readonly accountId: string;
  /** Of the AWS endpoint: queues are found there. */
  readonly endpointUrl: string;
  /** Resolved properties of each AWS::SQS::Queue. */
  readonly queues: readonly { readonly name: string; readonly properties: unknown }[];
  /** The clock, for tests. */
  readonly nowMs?: () => number;
}

/** A running SQS. */
export interface Sqs {
  readonly service: AwsService;
  close(): void;
}

/**
 * SQS with the template's standard queues; their messages survive a restart.
 * @throws LocalError `DataDamaged`, `AlreadyRunning`, `TemplateNotUnderstood` (a queue)
 */
export const startSqs = (options: SqsOptions): Sqs => {
  const { region, accountId, endpointUrl } = options;
  const arn = (name: string): string => `arn:aws:sqs:${region}:${accountId}:${name}`;
  const byName = new Map(
    options.queues.map(({ name, properties }) => [name, parseQueue(name, arn(name), properties)]),
  );
  const messages = openMessageTable(options.file);
  const arrivals = new EventEmitter().setMaxListeners(0);
  const stopping = new AbortController();
  const queues: Queues = {
    byName,
    messages,
    nowMs: options.nowMs ?? Date.now,
    arn,
    url: (name) => `${endpointUrl}/${accountId}/${name}`,
    announce: (name) => {
      arrivals.emit(name);
    },
    waitForMessage: (name, ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          arrivals.off(name, done);
          stopping.signal.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        timer.unref();
        arrivals.once(name, done);
        stopping.signal.addEventListener("abort", done);
      }),
  };
  return {
    service: jsonService({
      name: "SQS",
      api: SQS,
      operations: [
        sendMessage,
        receiveMessage,
        deleteMessage,
        changeMessageVisibility,
        purgeQueue,
        getQueueUrl,
        getQueueAttributes,
        listQueues,
      ],
      context: queues,
    }),
    close: () => {
      stopping.abort();
      messages.close();
    },
  };
};
