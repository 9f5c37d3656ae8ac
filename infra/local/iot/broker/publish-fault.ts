// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html
import type { Message } from "../messages/message.ts";
import { MAX_PAYLOAD_BYTES, topicFault } from "../messages/topic.ts";
import { isShadowResponseTopic, parseShadowRequestTopic } from "../shadows/shadow-topic.ts";

/** Why a client may not publish this. */
export interface PublishFault {
  readonly kind: "limit" | "forbidden";
  readonly message: string;
}

/** The fault of a message that comes from outside, by MQTT or by HTTP; absent when it may pass. */
export const publishFault = (
  message: Pick<Message, "topic" | "payload"> & { readonly qos: number },
): PublishFault | undefined => {
  const limit = topicFault(message.topic);
  if (limit !== undefined) return { kind: "limit", message: limit };
  if (message.qos > 1) return { kind: "limit", message: "AWS IoT has no QoS 2" };
  if (message.payload.length > MAX_PAYLOAD_BYTES) {
    return { kind: "limit", message: `a payload has at most ${MAX_PAYLOAD_BYTES} bytes` };
  }
  if (!message.topic.startsWith("$")) return undefined;
  if (parseShadowRequestTopic(message.topic) !== undefined) return undefined;
  return {
    kind: "forbidden",
    message: isShadowResponseTopic(message.topic)
      ? "only the shadow service publishes on its response topics"
      : "the topic is reserved, or not imitated here (infra/local/iot/README.md)",
  };
};
