// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
import { isArray, type Json, type JsonObject } from "#local/wire/json.ts";
import { type MessageAttribute, md5, md5OfAttributes } from "./message-attributes.ts";
import type { Message } from "./message-table.ts";
import { integerOf, queueOf, type SqsOperation } from "./operation.ts";

/** Gives up to ten messages, and hides them until their visibility timeout is over; waits for one if asked to. */
export const receiveMessage: SqsOperation = {
  name: "ReceiveMessage",
  understand: (input, queues) => {
    const { name, arn, find } = queueOf(input, queues);
    return {
      permissions: [{ action: "sqs:ReceiveMessage", resource: arn }],
      carryOut: async () => {
        const queue = find();
        const most = integerOf(input, "MaxNumberOfMessages", { least: 1, most: 10, otherwise: 1 });
        const hiddenSeconds = integerOf(input, "VisibilityTimeout", {
          least: 0,
          most: 43_200,
          otherwise: queue.visibilityTimeoutSeconds,
        });
        const waitSeconds = integerOf(input, "WaitTimeSeconds", {
          least: 0,
          most: 20,
          otherwise: queue.waitSeconds,
        });
        const receive = (): readonly Message[] => {
          const nowMs = queues.nowMs();
          queues.messages.expire(name, nowMs - queue.retentionSeconds * 1000);
          return queues.messages.receive(name, {
            most,
            nowMs,
            visibleAgainMs: nowMs + hiddenSeconds * 1000,
          });
        };
        let found = receive();
        if (found.length === 0 && waitSeconds > 0) {
          await queues.waitForMessage(name, waitSeconds * 1000);
          found = receive();
        }
        return found.length === 0 ? {} : { Messages: found.map((one) => told(one, input)) };
      },
    };
  },
};

const told = (message: Message, input: JsonObject) => {
  const attributes = selected(message.attributes, names(input, "MessageAttributeNames"));
  const system = selected(
    systemAttributes(message),
    // AttributeNames is the older name of the same.
    [...names(input, "MessageSystemAttributeNames"), ...names(input, "AttributeNames")],
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system.size === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(attributes.size === 0
      ? {}
      : {
          MD5OfMessageAttributes: md5OfAttributes(attributes),
          MessageAttributes: Object.fromEntries<MessageAttribute>(attributes),
        }),
  };
};

const systemAttributes = (message: Message): ReadonlyMap<string, string> =>
  new Map([
    ["SenderId", message.senderId],
    ["SentTimestamp", String(message.sentMs)],
    ["ApproximateReceiveCount", String(message.receiveCount)],
    ["ApproximateFirstReceiveTimestamp", String(message.firstReceivedMs)],
  ]);

const names = (input: JsonObject, member: string): readonly Json[] => {
  const given = input[member];
  return given !== undefined && isArray(given) ? given : [];
};

/** Those that are asked for: by name, by `prefix.*`, or all. */
const selected = <T>(
  from: ReadonlyMap<string, T>,
  asked: readonly Json[],
): ReadonlyMap<string, T> =>
  new Map(
    [...from].filter(([name]) =>
      asked.some(
        (one) =>
          one === "All" ||
          one === ".*" ||
          one === name ||
          (typeof one === "string" && one.endsWith(".*") && name.startsWith(one.slice(0, -1))),
      ),
    ),
  );
