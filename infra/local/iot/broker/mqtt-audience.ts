import { topicMatcher } from "../messages/topic.ts";

/** Gives one message to one subscriber, and says when the next may come. */
export type Hand<Packet> = (packet: Packet, handed: () => void) => void;

/** Who subscribes to what: the part of aedes that it calls `mq`. */
export interface MqttAudience<Packet extends { readonly topic: string }> {
  on(filter: string, hand: Hand<Packet>, done?: () => void): void;
  removeListener(filter: string, hand: Hand<Packet>, done?: () => void): void;
  /** Gives a message to all who subscribe to its topic; done when the next may come to each of them. */
  emit(packet: Packet, done?: () => void): void;
  /** False means nobody would hear a message on the topic. */
  hears(topic: string): boolean;
  close(done: () => void): void;
}

interface Filter<Packet> {
  readonly matches: (topic: string) => boolean;
  readonly hands: Set<Hand<Packet>>;
}

// A device has half a dozen topics. Whoever makes up more than this only makes the broker look again.
const REMEMBERED = 10_000;

/**
 * The same topics come again and again, and each update of a shadow asks of three who hears them. So the answer is
 * remembered until somebody subscribes or unsubscribes. Most of what the shadow service says nobody hears; then it is
 * not even put together.
 */
export const mqttAudience = <Packet extends { readonly topic: string }>(): MqttAudience<Packet> => {
  const exact = new Map<string, Filter<Packet>>();
  const wildcards = new Map<string, Filter<Packet>>();
  const remembered = new Map<string, readonly Hand<Packet>[]>();

  const placeOf = (filter: string) => (/[+#]/.test(filter) ? wildcards : exact);

  const audienceOf = (topic: string): readonly Hand<Packet>[] => {
    const known = remembered.get(topic);
    if (known !== undefined) return known;
    const found = [...(exact.get(topic)?.hands ?? [])];
    for (const { matches, hands } of wildcards.values()) if (matches(topic)) found.push(...hands);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(topic, found);
    return found;
  };

  return {
    on: (filter, hand, done) => {
      const place = placeOf(filter);
      const known = place.get(filter);
      if (known === undefined) {
        place.set(filter, { matches: topicMatcher(filter), hands: new Set([hand]) });
      } else {
        known.hands.add(hand);
      }
      remembered.clear();
      if (done !== undefined) setImmediate(done);
    },
    removeListener: (filter, hand, done) => {
      const place = placeOf(filter);
      const hands = place.get(filter)?.hands;
      hands?.delete(hand);
      if (hands?.size === 0) place.delete(filter);
      remembered.clear();
      if (done !== undefined) setImmediate(done);
    },
    emit: (packet, done = () => {}) => {
      const audience = audienceOf(packet.topic);
      let left = audience.length;
      if (left === 0) done();
      for (const hand of audience) {
        hand(packet, () => {
          left--;
          if (left === 0) done();
        });
      }
    },
    hears: (topic) => audienceOf(topic).length > 0,
    close: (done) => {
      setImmediate(done);
    },
  };
};
