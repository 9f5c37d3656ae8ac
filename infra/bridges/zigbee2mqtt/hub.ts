import { randomBytes } from "node:crypto";
import { connect } from "mqtt";
import { isObject } from "#domain/json.ts";

/** Where Zigbee2MQTT's broker is. */
export interface HubSettings {
  readonly url: string;
  readonly baseTopic: string;
  readonly username?: string;
  readonly password?: string;
}

/** What Zigbee2MQTT says by itself. */
export interface HubEvents {
  /** The broker is there and Zigbee2MQTT says that it is online; or not. */
  onState(isOnline: boolean): void;
  /** Something under `bridge/`, such as `devices`, `info`, `groups`, `definitions` or `logging`. */
  onBridge(topic: string, message: unknown): void;
  onAvailability(name: string, isOnline: boolean): void;
  /** A device's state; `isOld` when the broker kept it. */
  onPublication(name: string, state: Readonly<Record<string, unknown>>, isOld: boolean): void;
  /** Why there is no connection; once, and not at each try. */
  onTrouble(what: string): void;
}

/** Was it given to the broker? What was not is not sent later. */
export type Sent = { readonly isOk: true } | { readonly isOk: false; readonly error: string };

/** How a request was answered. */
export type HubAnswer =
  | { readonly isOk: true; readonly data: unknown }
  | { readonly isOk: false; readonly error: string };

/** Zigbee2MQTT, by its topics. https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html */
export interface Hub {
  publish(topic: string, message: object): Promise<Sent>;
  /** Asks under `bridge/request/`, and waits for the answer with the same transaction. */
  request(topic: string, message: object, isOver: AbortSignal): Promise<HubAnswer>;
  close(): Promise<void>;
}

// Zigbee2MQTT gives up on a frame after about ten seconds, and may try a route anew before that.
const LONGEST_ANSWER_MS = 25_000;

/** Connects, and stays connected. */
export const openHub = (settings: HubSettings, told: HubEvents): Hub => {
  const { url, baseTopic, username, password } = settings;
  const client = connect(url, {
    clientId: `smarthome-bridge-${randomBytes(6).toString("hex")}`,
    clean: true,
    reconnectPeriod: 1000,
    // A broker may refuse while it starts.
    reconnectOnConnackError: true,
    // With the QoS of `publish`, 0: what the broker does not get now, it never gets. mqtt.js would keep it, and a lamp
    // would go out when the broker is back, after the run has long been told that it did not.
    queueQoSZero: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  const asked = new Map<string, (answer: HubAnswer) => void>();
  let isBrokerThere = false;
  let isOnline = false;

  const tellState = (): void => told.onState(isBrokerThere && isOnline);
  let lastTrouble = "";
  client.on("connect", () => {
    isBrokerThere = true;
    lastTrouble = "";
    client.subscribeAsync(`${baseTopic}/#`, { qos: 1 }).then(tellState, () => {
      // The connection broke; the next one subscribes.
    });
  });
  client.on("close", () => {
    isBrokerThere = false;
    tellState();
  });
  // Refused connections come here, each followed by "close".
  client.on("error", (error) => {
    const what = `the broker at ${url}: ${reasonOf(error)}`;
    if (what !== lastTrouble) told.onTrouble(what);
    lastTrouble = what;
  });

  const onBridge = (topic: string, message: unknown): void => {
    if (topic === "state") {
      isOnline = (isObject(message) ? message.state : message) === "online";
      tellState();
    } else if (topic.startsWith("response/")) {
      if (!isObject(message) || typeof message.transaction !== "string") return;
      const answer = asked.get(message.transaction);
      answer?.(
        message.status === "ok"
          ? { isOk: true, data: message.data }
          : { isOk: false, error: String(message.error ?? "no reason given") },
      );
    } else told.onBridge(topic, message);
  };
  client.on("message", (fullTopic, payload, packet) => {
    const topic = fullTopic.slice(baseTopic.length + 1);
    if (/\/(?:set|get|request)(?:\/|$)/.test(topic) || payload.length === 0) return;
    const message = parse(payload.toString("utf8"));
    if (topic.startsWith("bridge/")) onBridge(topic.slice("bridge/".length), message);
    else if (topic.endsWith("/availability")) {
      const state = isObject(message) ? message.state : message;
      told.onAvailability(topic.slice(0, -"/availability".length), state !== "offline");
    } else if (isObject(message)) told.onPublication(topic, message, packet.retain);
  });

  const publish = async (topic: string, message: object): Promise<Sent> => {
    try {
      // Never retained: a broker would give it to Zigbee2MQTT again at each start.
      await client.publishAsync(`${baseTopic}/${topic}`, JSON.stringify(message), { qos: 0 });
      return { isOk: true };
    } catch (error) {
      return { isOk: false, error: error instanceof Error ? reasonOf(error) : String(error) };
    }
  };

  return {
    publish,
    request: async (topic, message, isOver) => {
      isOver.throwIfAborted();
      const transaction = randomBytes(9).toString("base64url");
      const { promise, resolve, reject } = Promise.withResolvers<HubAnswer>();
      const late = setTimeout(
        () => resolve({ isOk: false, error: "timed out: Zigbee2MQTT did not answer" }),
        LONGEST_ANSWER_MS,
      );
      const giveUp = (): void => reject(isOver.reason);
      isOver.addEventListener("abort", giveUp, { once: true });
      asked.set(transaction, resolve);
      try {
        const sent = await publish(`bridge/request/${topic}`, { ...message, transaction });
        return sent.isOk ? await promise : sent;
      } finally {
        clearTimeout(late);
        isOver.removeEventListener("abort", giveUp);
        asked.delete(transaction);
      }
    },
    close: async () => {
      await client.endAsync(true);
    },
  };
};

/** Where a name has several addresses, Node's error has a code and no words. */
const reasonOf = (error: Error): string =>
  error.message === "" && "code" in error ? String(error.code) : error.message;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Old versions say `online` without quotes.
    return text;
  }
};
