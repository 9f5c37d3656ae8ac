import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { connectAsync, type MqttClient } from "mqtt";
import { isLoopbackHost } from "#local/wire/loopback.ts";
import { Problem } from "../command/problem.ts";

const OPTION = "--mqtt-broker";
const CONNECT_TIMEOUT_MS = 5000;
// A shadow service on this machine answers within a few milliseconds.
const ANSWER_TIMEOUT_MS = 300;

/**
 * Reads the address of the MQTT broker that a house is to use instead of the embedded one, and tries it.
 * @throws Problem when it is no address of a broker on this machine, nobody answers there, or another house uses it
 */
export const findMqttBroker = async (text: string): Promise<string> => {
  const url = parseAddress(text);
  const client = await connectAsync(
    url,
    { reconnectPeriod: 0, connectTimeout: CONNECT_TIMEOUT_MS },
    false,
  ).catch((cause: Error) => {
    throw new Problem(
      `No MQTT broker takes a connection at ${url} (${cause.message}). Start one there, or leave ${OPTION} out: the house then has its own.`,
      { cause },
    );
  });
  client.on("error", () => {});
  try {
    if (await hasShadowService(client)) {
      throw new Problem(
        `A house already uses the MQTT broker at ${url}. Stop it, or give this one another broker with ${OPTION} URL.`,
      );
    }
  } finally {
    await client.endAsync(true);
  }
  return url;
};

const parseAddress = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A password would stand in every list of processes.
  if (url !== undefined && `${url.username}${url.password}` !== "") {
    throw new Problem(`${OPTION} takes no user name and no password; the broker must do without.`);
  }
  if (url?.protocol !== "mqtt:" || url.host === "" || !/^\/?$/.test(url.pathname + url.search)) {
    throw new Problem(
      `${OPTION} must be the address of an MQTT broker, such as mqtt://127.0.0.1:1884, not "${text}".`,
    );
  }
  if (!isLoopbackHost(url.host)) {
    throw new Problem(
      `${OPTION} must name a broker on this machine, such as mqtt://127.0.0.1:1884, not "${url.host}": nothing is encrypted on the way there.`,
    );
  }
  return `mqtt://${url.host}`;
};

/** Two shadow services on one broker would both answer every device, each from shadows of its own. */
const hasShadowService = async (client: MqttClient): Promise<boolean> => {
  const topic = `$aws/things/nobody-${randomUUID()}/shadow/get`;
  await client.subscribeAsync(`${topic}/rejected`, { qos: 1 });
  const answered = new Promise<true>((resolve) => client.once("message", () => resolve(true)));
  await client.publishAsync(topic, "", { qos: 1 });
  return Promise.race([answered, pause(ANSWER_TIMEOUT_MS, false)]);
};
