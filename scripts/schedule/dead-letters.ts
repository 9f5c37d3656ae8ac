import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { parseScheduledCall, type ScheduledCall } from "#domain/schedule/scheduled-call.ts";
import type { Registry } from "../devices/registry.ts";

/** A firing that was given up. */
export interface DeadLetter {
  /** Who gave it up: the scheduler, which could not deliver it, or Lambda, whose attempts all broke off. */
  readonly from: "scheduler" | "function";
  /** Absent where the message is none of a schedule's. */
  readonly call?: ScheduledCall;
  readonly why: string;
  readonly message: { readonly queueUrl: string; readonly receipt: string };
}

/** Both queues of dead letters. */
export interface DeadLetters {
  /** All that lie there now; they stay. */
  read(): Promise<readonly DeadLetter[]>;
  delete(letter: DeadLetter): Promise<void>;
  close(): void;
}

/** Opens the queues that the stack's outputs name. @throws Problem when it was deployed without schedules */
export const openDeadLetters = (
  registry: Pick<Registry, "output" | "clientOptions">,
): DeadLetters => {
  const queues = [
    { from: "scheduler", queueUrl: registry.output("ScheduleDeadLettersUrl") },
    { from: "function", queueUrl: registry.output("ScheduledSceneFailuresUrl") },
  ] as const;
  const client = new SQSClient(registry.clientOptions);
  return {
    read: async () => {
      const read = queues.map(async ({ from, queueUrl }) =>
        (await peek(client, queueUrl)).map((message) => letterOf(from, queueUrl, message)),
      );
      return (await Promise.all(read)).flat();
    },
    delete: async ({ message: { queueUrl, receipt } }) => {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
    },
    close: () => client.destroy(),
  };
};

// A message that is read is hidden from the next read for a while, which is what lets a reader come to an end; afterwards
// each is shown again. More than these few hundred nobody reads in a terminal.
const HIDDEN_SECONDS = 30;
const MOST_READS = 50;
const MOST_A_READ = 10;

const peek = async (client: SQSClient, QueueUrl: string): Promise<readonly Message[]> => {
  const found = new Map<string, Message>();
  try {
    for (let reads = 0; reads < MOST_READS; reads += 1) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: MOST_A_READ,
          VisibilityTimeout: HIDDEN_SECONDS,
          // Long polling asks every server of the queue; without it a small queue often looks empty.
          // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
          WaitTimeSeconds: found.size === 0 ? 1 : 0,
          MessageAttributeNames: ["All"],
        }),
      );
      if (Messages.length === 0) break;
      for (const message of Messages) found.set(message.MessageId ?? "", message);
    }
  } finally {
    for (const { ReceiptHandle } of found.values()) {
      await client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
  }
  return [...found.values()];
};

const letterOf = (
  from: DeadLetter["from"],
  queueUrl: string,
  { Body = "", ReceiptHandle = "", MessageAttributes = {} }: Message,
): DeadLetter => {
  const body = parsed(Body);
  // Lambda's record holds the event beside what became of it; the scheduler's message is the event.
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  const call = callOf(isObject(body) && "requestPayload" in body ? body.requestPayload : body);
  const code = MessageAttributes.ERROR_CODE?.StringValue;
  const text = MessageAttributes.ERROR_MESSAGE?.StringValue;
  const why = code === undefined ? failureOf(body) : code === text ? code : `${code}: ${text}`;
  return {
    from,
    ...(call === undefined ? {} : { call }),
    why,
    message: { queueUrl, receipt: ReceiptHandle },
  };
};

const failureOf = (body: unknown): string => {
  if (!isObject(body)) return "unreadable";
  const { requestContext: context, responsePayload: response } = body;
  const condition = isObject(context) ? String(context.condition) : "unknown";
  if (!isObject(response)) return condition;
  return `${condition}, ${String(response.errorType)}: ${String(response.errorMessage)}`;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Shown as unreadable.
    return undefined;
  }
};

const callOf = (event: unknown): ScheduledCall | undefined => {
  try {
    return parseScheduledCall(event);
  } catch (error) {
    if (error instanceof HomeError) return undefined;
    throw error;
  }
};
