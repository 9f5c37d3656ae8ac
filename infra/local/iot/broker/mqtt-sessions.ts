import { Readable } from "node:stream";
import type { AedesPublishPacket, Subscription } from "aedes";
import { topicMatcher } from "../messages/topic.ts";
import type { RetainedTable } from "./retained-table.ts";

/** An hour, as AWS keeps a persistent session by default. */
export const SESSION_EXPIRY_SECONDS = 3600;
/** Messages that wait for one client; the oldest are dropped beyond it, so that an absent client cannot fill memory. */
export const MAX_QUEUED = 10_000;
/** The same in bytes of payload, for large messages. */
export const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

interface Named {
  readonly id: string;
}
type Queued = AedesPublishPacket;
interface Session {
  readonly filters: Map<
    string,
    { readonly qos: 0 | 1 | 2; readonly matches: (t: string) => boolean }
  >;
  /** By the broker's counter, which is the order of publishing. */
  readonly queue: Map<number, Queued>;
  queuedBytes: number;
  readonly counterOf: Map<number, number>;
}

/**
 * What aedes calls a persistence: the sessions of clients that asked to be remembered, in memory, and the retained
 * messages, on disk. aedes-persistence answers with promises, which lets a message of QoS 0 overtake one of QoS 1;
 * aedes takes the late one for a duplicate and drops it. Everything on the way of a message is therefore
 * answered at once.
 */
export const mqttSessions = (retained: RetainedTable, nowMs: () => number) => {
  const sessions = new Map<string, Session>();
  const wills = new Map<string, unknown>();

  const sessionOf = (id: string): Session => {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const session: Session = {
      filters: new Map(),
      queue: new Map(),
      queuedBytes: 0,
      counterOf: new Map(),
    };
    sessions.set(id, session);
    return session;
  };

  const dequeue = (session: Session, counter: number): Queued | undefined => {
    const packet = session.queue.get(counter);
    if (packet !== undefined) session.queuedBytes -= packet.payload.length;
    session.queue.delete(counter);
    return packet;
  };

  const enqueue = (id: string, packet: Queued): void => {
    const session = sessionOf(id);
    const { queue } = session;
    // Once for each of its filters that match.
    dequeue(session, packet.brokerCounter);
    queue.set(packet.brokerCounter, { ...packet });
    session.queuedBytes += packet.payload.length;
    while (queue.size > MAX_QUEUED || session.queuedBytes > MAX_QUEUED_BYTES) {
      const [oldest] = queue.keys();
      if (oldest === undefined) break;
      dequeue(session, oldest);
    }
  };

  return {
    setup: async (): Promise<void> => {},

    // Retained messages.
    storeRetained: ({ topic, payload, qos }: Queued) => {
      retained.put({
        topic,
        payload: Buffer.isBuffer(payload) ? payload : Buffer.from(payload),
        qos: qos === 0 ? 0 : 1,
        modifiedMs: nowMs(),
      });
      return answered(undefined);
    },
    createRetainedStreamCombi: (filters: readonly string[]): Readable =>
      Readable.from(
        filters
          .flatMap((filter) => retained.matching(filter))
          .map(({ topic, payload, qos }) => ({
            cmd: "publish",
            topic,
            payload,
            qos,
            retain: true,
          })),
      ),

    // Subscriptions of clients that asked to be remembered.
    addSubscriptions: async ({ id }: Named, subscriptions: readonly Subscription[]) => {
      for (const { topic, qos } of subscriptions) {
        sessionOf(id).filters.set(topic, { qos, matches: topicMatcher(topic) });
      }
    },
    removeSubscriptions: async ({ id }: Named, filters: readonly string[]) => {
      for (const filter of filters) sessions.get(id)?.filters.delete(filter);
    },
    subscriptionsByClient: async ({ id }: Named) =>
      [...(sessions.get(id)?.filters ?? [])].map(([topic, { qos }]) => ({ topic, qos })),
    cleanSubscriptions: async ({ id }: Named) => {
      sessions.delete(id);
    },
    subscriptionsByTopic: (topic: string) => {
      const found: { readonly clientId: string; readonly topic: string; readonly qos: number }[] =
        [];
      for (const [clientId, { filters }] of sessions) {
        for (const [filter, { qos, matches }] of filters) {
          if (qos > 0 && matches(topic)) found.push({ clientId, topic: filter, qos });
        }
      }
      return answered(found);
    },

    // Messages of QoS 1 that were not acknowledged yet.
    outgoingEnqueue: async ({ clientId }: { readonly clientId: string }, packet: Queued) =>
      enqueue(clientId, packet),
    outgoingEnqueueCombi: (to: readonly { readonly clientId: string }[], packet: Queued) => {
      for (const { clientId } of to) enqueue(clientId, packet);
      return answered(undefined);
    },
    outgoingUpdate: ({ id }: Named, packet: Queued) => {
      const session = sessions.get(id);
      const queued = session?.queue.get(packet.brokerCounter);
      if (session !== undefined && queued !== undefined && packet.messageId !== undefined) {
        queued.messageId = packet.messageId;
        session.counterOf.set(packet.messageId, packet.brokerCounter);
      }
      return answered(undefined);
    },
    outgoingClearMessageId: async (
      { id }: Named,
      { messageId }: { readonly messageId?: number },
    ) => {
      const session = sessions.get(id);
      const counter = messageId === undefined ? undefined : session?.counterOf.get(messageId);
      if (session === undefined || messageId === undefined || counter === undefined)
        return undefined;
      const packet = dequeue(session, counter);
      session.counterOf.delete(messageId);
      return packet;
    },
    outgoingStream: ({ id }: Named): Readable =>
      Readable.from([...(sessions.get(id)?.queue.values() ?? [])]),

    // Last wills, which aedes keeps for brokers that share a store; here they live with the connection.
    putWill: async ({ id }: Named, will: unknown) => {
      wills.set(id, will);
    },
    delWill: async ({ id }: Named) => {
      wills.delete(id);
    },
    streamWill: (): Readable => Readable.from([]),

    /** Whether a client that is away would want a message on the topic. */
    hears: (topic: string): boolean =>
      sessions
        .values()
        .some(({ filters }) => filters.values().some(({ matches }) => matches(topic))),
    /** Ends a session whose client has been away too long. */
    forget: (id: string): void => {
      sessions.delete(id);
    },
  };
};

/** What aedes calls a persistence, and what the broker asks of it besides. */
export type MqttSessions = ReturnType<typeof mqttSessions>;

/** A promise that is kept already: its callback runs before `then` returns. */
const answered = <T>(value: T) => ({
  // biome-ignore lint/suspicious/noThenProperty: aedes calls then; a real promise would call back too late (above).
  then: (kept: (value: T) => void): void => kept(value),
});
