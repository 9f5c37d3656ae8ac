import { topicMatcher } from "./topic.ts";

/** How many connections subscribe to which filter: enough to know that a topic has no listener. */
export interface SubscriptionCount {
  add(filter: string): void;
  remove(filter: string): void;
  /** False means nobody would hear a message on the topic. */
  hears(topic: string): boolean;
}

/**
 * Most of what the shadow service says has no listener, and putting it together and giving it to the broker would be
 * a third of the cost of a shadow update.
 */
export const subscriptionCount = (): SubscriptionCount => {
  const counts = new Map<string, number>();
  const wildcards = new Map<string, (topic: string) => boolean>();
  return {
    add: (filter) => {
      counts.set(filter, (counts.get(filter) ?? 0) + 1);
      if (/[+#]/.test(filter)) wildcards.set(filter, topicMatcher(filter));
    },
    remove: (filter) => {
      const count = (counts.get(filter) ?? 0) - 1;
      if (count > 0) {
        counts.set(filter, count);
      } else {
        counts.delete(filter);
        wildcards.delete(filter);
      }
    },
    hears: (topic) => {
      if (counts.has(topic)) return true;
      for (const matches of wildcards.values()) if (matches(topic)) return true;
      return false;
    },
  };
};
