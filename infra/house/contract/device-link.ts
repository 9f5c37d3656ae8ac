import { Socket } from "node:net";
import { connect } from "mqtt";
import { isObject } from "#domain/json.ts";
import {
  lastWillTopic,
  shadowDeltaTopic,
  shadowGetAcceptedTopic,
  shadowGetRejectedTopic,
  shadowGetTopic,
  shadowUpdateTopic,
} from "#domain/topics.ts";

/** A device's connection to the broker: its shadow's topics and its last will. It comes back by itself. */
export interface DeviceLink {
  /** Sends a reported state; resolves when the broker has it, however long the broker is away. */
  report(reported: Readonly<Record<string, unknown>>): Promise<void>;
  /** Asks for the shadow; the answer comes to `onShadow` with the same token. */
  askForShadow(token: string): Promise<void>;
  /** Goes: after a last report in order, or at once when the broker does not take it; then the last will speaks. */
  close(lastReport: Readonly<Record<string, unknown>>): Promise<void>;
}

/** What a device does when its link has something for it. */
export interface LinkEvents {
  /** Connected, or connected again, and subscribed. */
  onReady(): void;
  onLost(): void;
  onDelta(message: unknown): void;
  /** The shadow, or undefined where there is none yet. */
  onShadow(message: unknown, token: string | undefined): void;
  onTrouble(what: string): void;
}

/** By which a device signs in where a certificate is asked for. */
export interface DeviceKey {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** By which it knows a broker that those roots do not vouch for. */
  readonly ca?: string;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;
const LAST_REPORT_MS = 1000;
// AWS IoT allows 30 to 1200 s.
const KEEP_ALIVE_SECONDS = 30;

/**
 * Opens the link of one thing. Its client id is the thing's name, so that a broker's policy can hold it to its own topics.
 * Over TLS it knows the broker by the roots that Node.js has, Amazon's among them.
 */
export const openDeviceLink = (
  mqttUrl: string,
  thing: string,
  events: LinkEvents,
  deviceKey?: DeviceKey,
): DeviceLink => {
  const delta = shadowDeltaTopic(thing);
  const accepted = shadowGetAcceptedTopic(thing);
  const rejected = shadowGetRejectedTopic(thing);
  const client = connect(mqttUrl, {
    ...deviceKey,
    clientId: thing,
    protocolVersion: 4,
    // What was missed is asked of the shadow, which has only what is still wanted; a queue would replay old wishes.
    clean: true,
    resubscribe: false,
    keepalive: KEEP_ALIVE_SECONDS,
    connectTimeout: 5000,
    reconnectPeriod: FIRST_RETRY_MS,
    reconnectOnConnackError: true,
    will: { topic: lastWillTopic(thing), payload: '{"online":false}', qos: 1, retain: false },
  });
  let isClosing = false;

  const greet = async (): Promise<void> => {
    // With Nagle's algorithm a command and its answer take 88 ms on loopback instead of 0.2; mqtt.js leaves it on.
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
    await client.subscribeAsync([delta, accepted, rejected], { qos: 1 });
    events.onReady();
  };

  client.on("connect", () => {
    client.options.reconnectPeriod = FIRST_RETRY_MS;
    greet().catch((error: Error) => {
      // A connection that breaks while greeting is greeted again when it is back.
      if (client.connected && !isClosing) events.onTrouble(`cannot subscribe: ${error.message}`);
    });
  });
  client.on("close", () => {
    // mqtt.js has set its timer for this retry; this is the wait before the next one.
    const next = (client.options.reconnectPeriod ?? FIRST_RETRY_MS) * 2;
    client.options.reconnectPeriod = Math.min(next, LONGEST_RETRY_MS);
    if (!isClosing) events.onLost();
  });
  // Refused connections come here, each followed by "close"; without a listener they would end the process.
  client.on("error", () => {});
  client.on("message", (topic, payload) => {
    let message: unknown;
    try {
      message = JSON.parse(payload.toString("utf8"));
    } catch {
      events.onTrouble(`not JSON on ${topic}`);
      return;
    }
    if (topic === delta) events.onDelta(message);
    else {
      const token = isObject(message) ? message.clientToken : undefined;
      events.onShadow(
        topic === accepted ? message : undefined,
        typeof token === "string" ? token : undefined,
      );
    }
  });

  const publish = async (topic: string, message: unknown): Promise<void> => {
    await client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  };
  const report = (reported: Readonly<Record<string, unknown>>): Promise<void> =>
    publish(shadowUpdateTopic(thing), { state: { reported } });

  return {
    report,
    askForShadow: (token) => publish(shadowGetTopic(thing), { clientToken: token }),
    close: async (lastReport) => {
      isClosing = true;
      const isTold = client.connected && (await within(LAST_REPORT_MS, report(lastReport)));
      // Without force mqtt.js sends DISCONNECT, which discards the last will; it would wait for answers that are owed.
      await client.endAsync(!isTold);
    },
  };
};

/** Did it succeed in this time? */
const within = async (ms: number, work: Promise<void>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
};
