import type { AedesOptions, Client, Subscription } from "aedes";
import { filterFault } from "../messages/topic.ts";
import type { ClientRights } from "./client-rights.ts";
import type { LiveClients } from "./live-clients.ts";
import type { MqttSessions } from "./mqtt-sessions.ts";
import { isLetIn } from "./packet-limit.ts";

const MAX_SUBSCRIPTIONS = 50;

/** What may be subscribed to, by policy and by AWS IoT's limits. */
export const subscribing = (options: {
  readonly rights: ClientRights;
  readonly live: LiveClients;
  readonly sessions: MqttSessions;
  readonly log: (line: string) => void;
}): Required<Pick<AedesOptions, "authorizeSubscribe">> => {
  const { rights, live, sessions, log } = options;
  return {
    authorizeSubscribe: (client, subscription, callback) => {
      const resource = `topicfilter/${subscription.topic}`;
      if (rights.isForbidden(client, "iot:Subscribe", resource)) {
        if (isLetIn(client)) {
          const why = `no policy allows iot:Subscribe on ${resource}`;
          callback(live.refuse(client, "AUTH_ERROR", why));
          return;
        }
        // A session that is restored: it comes back without what its policies forbid by now.
        sessions
          .removeSubscriptions(client, [subscription.topic])
          .then(() => callback(null, null), callback);
        return;
      }
      const filters = live.filters(client);
      const fault = subscriptionFault(subscription, filters);
      if (fault !== undefined) {
        const topic = subscription.topic.slice(0, 300);
        log(`mqtt client ${client.id}: subscription to ${topic} refused, ${fault}`);
        callback(null, null);
        return;
      }
      filters?.add(subscription.topic);
      callback(null, subscription);
    },
  };
};

/** The sessions, as aedes is to see them: it hands over the whole SUBSCRIBE as soon as one filter of it was granted. */
export const withGrantedOnly = (sessions: MqttSessions, live: LiveClients) => ({
  ...sessions,
  addSubscriptions: (client: Client, subscriptions: readonly Subscription[]) => {
    const granted = live.filters(client);
    return sessions.addSubscriptions(
      client,
      subscriptions.filter(({ topic }) => granted?.has(topic)),
    );
  },
});

const subscriptionFault = (
  { topic, qos }: Subscription,
  filters: ReadonlySet<string> | undefined,
): string | undefined =>
  filterFault(topic) ??
  (qos > 1 ? "AWS IoT has no QoS 2" : undefined) ??
  (topic.startsWith("$share/") ? "shared subscriptions are not imitated" : undefined) ??
  ((filters?.size ?? 0) >= MAX_SUBSCRIPTIONS && filters?.has(topic) === false
    ? `a connection has at most ${MAX_SUBSCRIPTIONS} subscriptions`
    : undefined);
