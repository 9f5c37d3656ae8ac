// https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718037
import type { AedesPublishPacket, Client } from "aedes";
import { topicMatcher } from "../messages/topic.ts";
import { isLetIn } from "./packet-limit.ts";

type Deliver = (packet: AedesPublishPacket, done: () => void) => void;

// A connection has 50 subscriptions at most, which it may change.
const MAX_MATCHERS = 100;

/** The part of aedes' client that its types leave out. */
interface Inside {
  deliver0?: Deliver;
  deliverQoS?: Deliver;
  readonly duplicates: Record<string, number>;
  readonly subscriptions: Readonly<Record<string, { readonly qos: number } | undefined>>;
  readonly broker: {
    authorizeForward(client: Client, packet: AedesPublishPacket): unknown;
    readonly persistence: { outgoingUpdate(client: Client, packet: AedesPublishPacket): unknown };
  };
  _nextId: number;
}

/**
 * Lets a message go out in the turn in which it is delivered. aedes waits a turn of the event loop for each message
 * and each receiver, so that each becomes a write of its own; here what one turn says to a client is one write.
 */
export const deliverAtOnce = (client: Client): void => {
  const inside = client as unknown as Inside;
  if (inside.deliver0 === undefined || inside.deliverQoS === undefined) {
    throw new Error("aedes 1.2.0 was expected: its client has no way to deliver");
  }

  const isDuplicate = ({ brokerId, brokerCounter }: AedesPublishPacket): boolean => {
    // A retained message has no broker: it comes with each subscription.
    if (!brokerId) return false;
    if ((inside.duplicates[brokerId] ?? 0) >= brokerCounter) return true;
    inside.duplicates[brokerId] = brokerCounter;
    return false;
  };

  const matchers = new Map<string, (topic: string) => boolean>();
  const matcherOf = (filter: string): ((topic: string) => boolean) => {
    const matches = matchers.get(filter) ?? topicMatcher(filter);
    if (matchers.size >= MAX_MATCHERS) matchers.clear();
    matchers.set(filter, matches);
    return matches;
  };
  /** Whether one of its subscriptions wants the topic with QoS 1: the highest of those that overlap counts (§3.3.5). */
  const wantsQos1 = (topic: string): boolean => {
    const { subscriptions } = inside;
    for (const filter in subscriptions) {
      if ((subscriptions[filter]?.qos ?? 0) > 0 && matcherOf(filter)(topic)) return true;
    }
    return false;
  };

  /**
   * Nothing comes before CONNACK. A session that is being restored hears of it all the same: what is for it is in its
   * queue, which is sent right behind.
   */
  const isHearing = (packet: AedesPublishPacket): boolean =>
    !client.closed && isLetIn(client) && !isDuplicate(packet);

  const deliver = (packet: AedesPublishPacket, qos: 0 | 1, done: () => void): void => {
    if (isHearing(packet) && inside.broker.authorizeForward(client, packet)) {
      const id = inside._nextId;
      if (qos > 0) {
        inside._nextId = id >= 0xffff ? 1 : id + 1;
        // A session that may outlive the connection keeps it until PUBACK names it.
        if (!client.clean && packet.brokerId) {
          inside.broker.persistence.outgoingUpdate(client, { ...packet, messageId: id });
        }
      }
      const { conn } = client;
      if (conn.writableCorked === 0) {
        conn.cork();
        process.nextTick(uncork, conn);
      }
      conn.write(encodePublish(packet, qos, id));
    }
    // Also when the socket takes no more: whoever sent the message must not wait for one who does not read.
    // `authorizeForward` ends a connection that is too far behind.
    done();
  };

  inside.deliver0 = (packet, done) => {
    // The subscription of QoS 1 brings it, in the same turn.
    if (packet.qos > 0 && wantsQos1(packet.topic)) done();
    else deliver(packet, 0, done);
  };
  inside.deliverQoS = (packet, done) => {
    // A retained message, which has no broker, comes this way whatever was subscribed.
    const isForQos1 = packet.brokerId ? true : wantsQos1(packet.topic);
    deliver(packet, packet.qos > 0 && isForQos1 ? 1 : 0, done);
  };
};

const uncork = (conn: Client["conn"]): void => conn.uncork();

/** PUBLISH in one buffer. It is never a repetition: DUP of what came in is not passed on (MQTT-3.3.1-3). */
const encodePublish = (packet: AedesPublishPacket, qos: number, id: number): Buffer => {
  const { topic, retain } = packet;
  const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
  const topicBytes = Buffer.byteLength(topic);
  const remaining = 2 + topicBytes + (qos > 0 ? 2 : 0) + payload.length;
  const lengthBytes =
    remaining < 1 << 7 ? 1 : remaining < 1 << 14 ? 2 : remaining < 1 << 21 ? 3 : 4;
  const bytes = Buffer.allocUnsafe(1 + lengthBytes + remaining);
  let at = bytes.writeUInt8(0x30 | (qos << 1) | (retain ? 1 : 0));
  // Seven bits a byte, the lowest first; the eighth says that more follow (§2.2.3).
  let length = remaining;
  for (; length > 0x7f; length >>= 7) at = bytes.writeUInt8((length & 0x7f) | 0x80, at);
  at = bytes.writeUInt8(length, at);
  at = bytes.writeUInt16BE(topicBytes, at);
  at += bytes.write(topic, at);
  if (qos > 0) at = bytes.writeUInt16BE(id, at);
  payload.copy(bytes, at);
  return bytes;
};
