import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Aedes, type Client } from "aedes";
import { connect, type MqttClient } from "mqtt";
import { expect } from "vitest";
import { isObject } from "#domain/json.ts";

/** Waits until it is so, with the patience that a busy machine needs. */
export const eventually = <T>(look: () => T) =>
  expect.poll(look, { timeout: 10_000, interval: 10 });

type Members = Readonly<Record<string, unknown>>;

/** What was published, oldest first. */
export interface Seen {
  readonly topic: string;
  readonly message: unknown;
}

/** A client that plays the shadow service: it sees what devices publish, sends deltas, and tells who asks what is wanted. */
export interface Backend {
  readonly client: MqttClient;
  /** Reported states that a device sent. */
  reports(thing: string): readonly Members[];
  /** Those that echo a command. */
  answers(thing: string): readonly Members[];
  seen(topic: string): readonly Seen[];
  /** The order in which devices answered, as `<thing> <command id> <status>`. */
  answerOrder(): readonly string[];
  send(topic: string, message: unknown): Promise<void>;
  /** Something more is wanted: the delta, and from then on a whole shadow for whoever asks. */
  delta(thing: string, state: Members, version?: number): Promise<void>;
  /** Nothing is wanted of it any more, which no delta tells. */
  withdraw(thing: string): void;
  close(): Promise<void>;
}

/** A plain broker on a port of 127.0.0.1, which knows nothing of shadows. */
export interface PlainBroker {
  readonly url: string;
  readonly port: number;
  /** Client ids that are connected. */
  connected(): readonly string[];
  /** What a client has subscribed to. */
  filters(clientId: string): readonly string[];
  /** Cuts one client's connection, as a pulled plug does. */
  cut(clientId: string): void;
  close(): Promise<void>;
}

/** A command as the home's backend sends it; valid for an hour. */
export const commandOf = (run: string, more: Members = {}): Members => ({
  id: `${run}.0`,
  run,
  stage: 0,
  expiresAt: Math.ceil(Date.now() / 1000) + 3600,
  transitionSeconds: 0,
  ...more,
});

export const startPlainBroker = async (port = 0): Promise<PlainBroker> => {
  const aedes = await Aedes.createBroker();
  const clients = new Map<string, Client>();
  aedes.on("clientReady", (client) => clients.set(client.id, client));
  aedes.on("clientDisconnect", (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id);
  });
  const filters = new Map<string, string[]>();
  aedes.on("subscribe", (subscriptions, { id }) => {
    filters.set(id, [...(filters.get(id) ?? []), ...subscriptions.map(({ topic }) => topic)]);
  });
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
  };
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    port: address.port,
    connected: () => [...clients.keys()].sort(),
    filters: (clientId) => filters.get(clientId) ?? [],
    cut: (clientId) => clients.get(clientId)?.conn.destroy(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

export const connectBackend = async (url: string): Promise<Backend> => {
  const client = connect(url, { clientId: "backend", protocolVersion: 4, reconnectPeriod: 50 });
  const all: Seen[] = [];
  client.on("error", () => {});
  const wishes = new Map<string, { readonly desired: Members; readonly version?: number }>();
  client.on("message", (topic, payload) => {
    const message: unknown = JSON.parse(payload.toString("utf8"));
    all.push({ topic, message });
    if (topic.endsWith("/shadow/get")) tellShadow(topic, message);
  });
  await new Promise<void>((resolve) => client.once("connect", () => resolve()));
  await client.subscribeAsync(
    ["$aws/things/+/shadow/update", "$aws/things/+/shadow/get", "smarthome/+/last-will"],
    { qos: 1 },
  );
  const seen = (topic: string): readonly Seen[] => all.filter((one) => one.topic === topic);
  const reports = (thing: string): readonly Members[] =>
    seen(`$aws/things/${thing}/shadow/update`).flatMap(({ message }) => reportedIn(message));
  const send = async (topic: string, message: unknown): Promise<void> => {
    await client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  };
  /** What was asked for before the first wish, a test answers itself. */
  const tellShadow = (topic: string, question: unknown): void => {
    const thing = topic.split("/")[2] ?? "";
    const wish = wishes.get(thing);
    if (wish === undefined) return;
    const { desired, version } = wish;
    const echo = reports(thing).findLast(({ command }) => command !== undefined)?.command;
    const state = { desired, ...(echo === undefined ? {} : { reported: { command: echo } }) };
    const token = isObject(question) ? question.clientToken : undefined;
    send(`${topic}/accepted`, {
      state,
      ...(version === undefined ? {} : { version }),
      clientToken: token,
    }).catch(() => {});
  };
  return {
    client,
    seen,
    answerOrder: () =>
      all.flatMap(({ topic, message }) => {
        if (!topic.endsWith("/shadow/update")) return [];
        return reportedIn(message).flatMap(({ command }) =>
          isObject(command)
            ? [`${topic.split("/")[2]} ${String(command.id)} ${String(command.status)}`]
            : [],
        );
      }),
    reports,
    answers: (thing) => reports(thing).filter((reported) => reported.command !== undefined),
    send,
    delta: (thing, state, version) => {
      const at = version === undefined ? {} : { version };
      wishes.set(thing, { desired: { ...wishes.get(thing)?.desired, ...state }, ...at });
      return send(`$aws/things/${thing}/shadow/update/delta`, { state, ...at });
    },
    withdraw: (thing) => {
      wishes.delete(thing);
    },
    close: () => client.endAsync(true),
  };
};

/** The reported state of an update: a device's holds that and nothing else, a backend's has none. */
const reportedIn = (message: unknown): readonly Members[] => {
  const state = isObject(message) ? message.state : undefined;
  if (isObject(state) && state.reported === undefined) return [];
  const reported = isObject(state) ? state.reported : undefined;
  if (!isObject(reported)) throw new Error(`not an update: ${JSON.stringify(message)}`);
  expect(message).toEqual({ state: { reported } });
  return [reported];
};
