import { connectAsync, type MqttClient } from "mqtt";
import { withoutDelay } from "../../local/iot/support.ts";

/** How a command travels and comes back: topics and payloads. */
export interface Exchange {
  readonly commandTopic: (device: string) => string;
  readonly command: (id: string) => string;
  readonly heardByDevice: (device: string) => string;
  readonly commandId: (payload: string) => string | undefined;
  readonly answerTopic: (device: string) => string;
  readonly answer: (id: string) => string;
  readonly heardByBackend: string;
  readonly answerId: (payload: string) => string | undefined;
}

/** Over topics of their own, with nothing between backend and device: what MQTT alone takes. */
export const RAW: Exchange = {
  commandTopic: (device) => `cmd/${device}`,
  command: (id) => shadowCommand(id),
  heardByDevice: (device) => `cmd/${device}`,
  commandId: (payload) => idIn(payload),
  answerTopic: (device) => `ack/${device}`,
  answer: (id) => shadowAnswer(id),
  heardByBackend: "ack/+",
  answerId: (payload) => idIn(payload),
};

/** Through shadows, as the house does it. */
export const SHADOWS: Exchange = {
  commandTopic: (device) => `$aws/things/${device}/shadow/update`,
  command: (id) => shadowCommand(id),
  heardByDevice: (device) => `$aws/things/${device}/shadow/update/delta`,
  commandId: (payload) => idIn(payload),
  answerTopic: (device) => `$aws/things/${device}/shadow/update`,
  answer: (id) => shadowAnswer(id),
  heardByBackend: "$aws/things/+/shadow/update/accepted",
  answerId: (payload) => (payload.includes('"reported"') ? idIn(payload) : undefined),
};

const shadowCommand = (id: string): string =>
  JSON.stringify({
    state: {
      desired: {
        light: { on: true, brightness: 40 },
        command: { id, run: "bench", stage: 0, expiresAt: 1795471405, transitionSeconds: 0 },
      },
    },
  });

const shadowAnswer = (id: string): string =>
  JSON.stringify({
    state: {
      reported: {
        light: { on: true, brightness: 40 },
        command: {
          id,
          run: "bench",
          stage: 0,
          expiresAt: 1795471405,
          transitionSeconds: 0,
          status: "SUCCEEDED",
          reason: "none",
        },
      },
    },
  });

const idIn = (payload: string): string | undefined => /"id":"([^"]+)"/.exec(payload)?.[1];

const connect = async (url: string, clientId: string): Promise<MqttClient> => {
  const client = await connectAsync(url, { clientId, reconnectPeriod: 0 }, false);
  withoutDelay(client);
  return client;
};

/** One backend and its devices, all connected. */
export interface House {
  readonly backend: MqttClient;
  readonly devices: readonly MqttClient[];
  readonly answered: Map<string, () => void>;
  /** How many acknowledgements the backend has heard. */
  readonly heard: { count: number };
}

/** Connects a backend and so many devices, each of which answers after `latencyMs`. */
export const openHouse = async (
  url: string,
  exchange: Exchange,
  size: number,
  latencyMs = 0,
): Promise<House> => {
  const answered = new Map<string, () => void>();
  const heard = { count: 0 };
  const backend = await connect(url, "backend");
  backend.on("message", (_topic, payload) => {
    const id = exchange.answerId(payload.toString());
    if (id === undefined) return;
    heard.count++;
    answered.get(id)?.();
  });
  await backend.subscribeAsync(exchange.heardByBackend, { qos: 1 });
  const devices: MqttClient[] = [];
  for (let index = 0; index < size; index++) {
    const device = await connect(url, `dev${index}`);
    device.on("message", (_topic, payload) => {
      const id = exchange.commandId(payload.toString());
      if (id === undefined) return;
      const answer = (): void => {
        device.publish(exchange.answerTopic(`dev${index}`), exchange.answer(id), { qos: 1 });
      };
      if (latencyMs === 0) answer();
      else setTimeout(answer, latencyMs);
    });
    await device.subscribeAsync(exchange.heardByDevice(`dev${index}`), { qos: 1 });
    devices.push(device);
  }
  return { backend, devices, answered, heard };
};

/** Ends all connections. */
export const closeHouse = async ({ backend, devices }: House): Promise<void> => {
  await Promise.all([backend, ...devices].map((client) => client.endAsync(true)));
};

/** Commands so many devices at once, from the one of index `first` on; the time of each answer. */
export const round = async (
  house: House,
  exchange: Exchange,
  { first = 0, size }: { readonly first?: number; readonly size: number },
  name: string,
): Promise<readonly number[]> => {
  const begun = performance.now();
  return Promise.all(
    Array.from({ length: size }, async (_each, at) => {
      const index = first + at;
      const id = `${name}.${index}`;
      const { promise, resolve } = Promise.withResolvers<void>();
      house.answered.set(id, resolve);
      house.backend.publish(exchange.commandTopic(`dev${index}`), exchange.command(id), { qos: 1 });
      await promise;
      house.answered.delete(id);
      return performance.now() - begun;
    }),
  );
};
