import { connectAsync, type IPublishPacket, type MqttClient } from "mqtt";
import { AwsError } from "#local/wire/aws-service.ts";
import { LocalError } from "#local/wire/local-error.ts";
import type { Message } from "../messages/message.ts";
import type { Rule } from "../rules/rule.ts";
import { isShadowResponseTopic, SHADOW_REQUEST_FILTERS } from "../shadows/shadow-topic.ts";
import type { Broker, BrokerListener } from "./broker.ts";

// Sooner than devices try, so that what they then report finds the shadow service there.
const RECONNECT_MS = 50;

/**
 * A broker that somebody else runs. The shadow service and the rules are ordinary clients of it: one connection for
 * the shadows, and one for each topic filter of a rule, so that overlapping filters never bring a message twice.
 * Connections that are lost come back by themselves, with their subscriptions. Meanwhile nothing is kept: a publish
 * fails, and what the shadow service says is heard by nobody, as on AWS by a device that is away.
 */
export const startExternalBroker = async (options: {
  readonly url: string;
  readonly listener: BrokerListener;
  readonly rules: readonly Rule[];
  readonly log: (line: string) => void;
}): Promise<Broker> => {
  const { url, listener, rules, log } = options;
  const clients: MqttClient[] = [];
  const lost = new Set<MqttClient>();
  let closing = false;

  const subscribe = async (
    filters: readonly string[],
    heard: (message: Message) => void,
  ): Promise<MqttClient> => {
    const client = await connectTo(url);
    clients.push(client);
    client.on("close", () => {
      forgetUnsent(client);
      if (closing) return;
      if (lost.size === 0) log(`The MQTT broker at ${url} is away; trying again.`);
      lost.add(client);
    });
    client.on("connect", () => {
      withoutDelay(client);
      if (lost.delete(client) && lost.size === 0) log(`The MQTT broker at ${url} is back.`);
    });
    // Refused connections come here, each followed by "close"; without a listener they would end the process.
    client.on("error", () => {});
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
    for (const filter of new Set(rules.map(({ from }) => from))) {
      await subscribe([filter], (message) => {
        // What the shadow service says is shown to the rules when it says it; nobody else may say it.
        if (!isShadowResponseTopic(message.topic)) listener.rules(message, filter);
      });
    }
    const deliver = ({ topic, payload, qos, retain }: Message): void => {
      if (shadows.connected) shadows.publish(topic, payload, { qos, retain });
    };
    const isAway = (cause?: unknown): AwsError =>
      new AwsError("InternalFailureException", `The MQTT broker at ${url} is away.`, {
        status: 500,
        cause,
      });
    return {
      url,
      port: Number(new URL(url).port || 1883),
      // Whoever runs the broker lets its clients in; certificates that are registered here mean nothing to it.
      disconnect: () => {},
      hears: () => true,
      deliver,
      submit: async ({ topic, payload, qos, retain }) => {
        if (!shadows.connected) throw isAway();
        try {
          await shadows.publishAsync(topic, payload, { qos, retain });
        } catch (error) {
          throw isAway(error);
        }
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
    { reconnectPeriod: RECONNECT_MS, connectTimeout: 5000 },
    false,
  ).catch((cause: unknown) => {
    throw new LocalError("StartFailed", `No MQTT broker answers at ${url}.`, { cause });
  });
  withoutDelay(client);
  return client;
};

/** Otherwise mqtt.js sends it when the broker is back: an old wish, or old news. Whoever waits for it is told. */
const forgetUnsent = (client: MqttClient): void => {
  for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
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
