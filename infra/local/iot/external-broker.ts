import { connectAsync, type IPublishPacket, type MqttClient } from "mqtt";
import { LocalError } from "../local-error.ts";
import type { Broker, BrokerListener } from "./broker.ts";
import type { Message } from "./message.ts";
import type { Rule } from "./rule.ts";
import { isShadowResponseTopic, SHADOW_REQUEST_FILTERS } from "./shadow-topic.ts";

/**
 * A broker that somebody else runs. The shadow service and the rules are ordinary clients of it: one connection for
 * the shadows, and one for each topic filter of a rule, so that overlapping filters never bring a message twice.
 */
export const startExternalBroker = async (options: {
  readonly url: string;
  readonly listener: BrokerListener;
  readonly rules: readonly Rule[];
  readonly log: (line: string) => void;
}): Promise<Broker> => {
  const { url, listener, rules, log } = options;
  const clients: MqttClient[] = [];
  let closing = false;

  const subscribe = async (
    filters: readonly string[],
    heard: (message: Message) => void,
  ): Promise<MqttClient> => {
    const client = await connectTo(url);
    clients.push(client);
    client.on("error", (error) => {
      if (!closing) log(`mqtt broker ${url}: ${error.message}`);
    });
    client.on("message", (topic, payload, packet) => {
      // A retained message comes again with each subscription; it was carried out when it was published.
      if (closing || packet.retain) return;
      heard(messageOf(topic, payload, packet));
      writeOnce(client);
    });
    await client.subscribeAsync([...filters], { qos: 1 });
    return client;
  };

  const close = async (): Promise<void> => {
    closing = true;
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  };

  try {
    const shadows = await subscribe(SHADOW_REQUEST_FILTERS, listener.shadows);
    for (const filter of new Set(rules.map(({ sql }) => sql.from))) {
      await subscribe([filter], (message) => {
        // What the shadow service says is shown to the rules when it says it; nobody else may say it.
        if (!isShadowResponseTopic(message.topic)) listener.rules(message, filter);
      });
    }
    const deliver = ({ topic, payload, qos, retain }: Message): void => {
      if (!closing) shadows.publish(topic, payload, { qos, retain });
    };
    return {
      url,
      port: Number(new URL(url).port || 1883),
      hears: () => true,
      deliver,
      submit: async ({ topic, payload, qos, retain }) => {
        await shadows.publishAsync(topic, payload, { qos, retain });
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause instanceof LocalError
      ? cause
      : new LocalError("StartFailed", `The MQTT broker at ${url} cannot be used.`, { cause });
  }
};

const connectTo = async (url: string): Promise<MqttClient> => {
  const client = await connectAsync(
    url,
    { reconnectPeriod: 200, connectTimeout: 5000 },
    false,
  ).catch((cause: unknown) => {
    throw new LocalError("StartFailed", `No MQTT broker answers at ${url}.`, { cause });
  });
  withoutDelay(client);
  client.on("connect", () => withoutDelay(client));
  return client;
};

/** mqtt.js leaves Nagle's algorithm on (reference/performance.md). */
const withoutDelay = (client: MqttClient): void => {
  const stream: unknown = client.stream;
  if (typeof stream === "object" && stream !== null && "setNoDelay" in stream) {
    const { setNoDelay } = stream;
    if (typeof setNoDelay === "function") setNoDelay.call(stream, true);
  }
};

const held = new WeakSet<object>();

/**
 * mqtt.js makes a write of each acknowledgement. Held until the turn's transaction is over (its end was asked for
 * before this one's), they are one write, together with what the shadow service says after it.
 */
const writeOnce = ({ stream }: MqttClient): void => {
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  setImmediate(() => {
    held.delete(stream);
    stream.uncork();
  });
};

const messageOf = (topic: string, payload: Buffer, packet: IPublishPacket): Message => ({
  topic,
  payload,
  qos: packet.qos === 0 ? 0 : 1,
  retain: packet.retain,
});
