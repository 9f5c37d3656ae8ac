// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
import { randomUUID } from "node:crypto";
import { notEmulated } from "#local/wire/aws-service.ts";
import { bytesOfAttributes, md5, md5OfAttributes, parseAttributes } from "./message-attributes.ts";
import { integerOf, queueOf, type SqsOperation, textOf } from "./operation.ts";
import { invalidParameter } from "./sqs-error.ts";

// What XML 1.0 can carry. https://www.w3.org/TR/xml/#charsets
const UNSUPPORTED = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Keeps a message until somebody deletes it, or for as long as the queue retains one. */
export const sendMessage: SqsOperation = {
  name: "SendMessage",
  understand: (input, queues) => {
    const { name, arn, find } = queueOf(input, queues);
    return {
      permissions: [{ action: "sqs:SendMessage", resource: arn }],
      carryOut: () => {
        const queue = find();
        for (const member of [
          "MessageSystemAttributes",
          "MessageGroupId",
          "MessageDeduplicationId",
        ]) {
          if (input[member] !== undefined) throw notEmulated("SQS", `SendMessage with ${member}`);
        }
        const body = textOf(input, "MessageBody");
        if (UNSUPPORTED.test(body)) {
          throw invalidParameter(
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.",
          );
        }
        const attributes = parseAttributes(input.MessageAttributes);
        if (Buffer.byteLength(body) + bytesOfAttributes(attributes) > queue.maximumMessageBytes) {
          throw invalidParameter(
            `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maximumMessageBytes} bytes.`,
          );
        }
        const delay = integerOf(input, "DelaySeconds", {
          least: 0,
          most: 900,
          otherwise: queue.delaySeconds,
        });
        const sentMs = queues.nowMs();
        const message = { id: randomUUID(), body, attributes, senderId: SENDER, sentMs };
        queues.messages.add(name, message, sentMs + delay * 1000);
        queues.announce(name);
        return {
          MessageId: message.id,
          MD5OfMessageBody: md5(body),
          ...(attributes.size === 0 ? {} : { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
        };
      },
    };
  },
};

// AWS names the sender's account or role id; who calls is not told to an operation here.
const SENDER = "000000000000";
