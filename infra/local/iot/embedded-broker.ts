import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { Aedes, type AedesOptions, type AedesPublishPacket, type Client } from "aedes";
import type { Broker, BrokerListener } from "./broker.ts";
import { connectionTable, type DisconnectReason } from "./connection-table.ts";
import type { Message } from "./message.ts";
import { mqttAudience } from "./mqtt-audience.ts";
import { deliverAtOnce } from "./mqtt-delivery.ts";
import { listenMqtt } from "./mqtt-listener.ts";
import { mqttSessions, SESSION_EXPIRY_SECONDS } from "./mqtt-sessions.ts";
import { limitPacketLength, saidDisconnect } from "./packet-limit.ts";
import { presenceEvent } from "./presence-event.ts";
import { publishFault } from "./publish-fault.ts";
import type { RetainedTable } from "./retained-table.ts";
import { filterFault } from "./topic.ts";

const MAX_CLIENT_ID_BYTES = 128;
const MAX_SUBSCRIPTIONS = 50;
// A reader that is this far behind is not reading; AWS's own bound is not documented.
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** What is remembered of a connection while it lasts. */
interface Live {
  readonly keepAliveSeconds: number;
  readonly filters: Set<string>;
  reason?: DisconnectReason;
  refused?: string;
}

/** The embedded broker: aedes with the limits and the events of AWS IoT. */
export const startEmbeddedBroker = async (options: {
  readonly port: number;
  readonly listener: BrokerListener;
  readonly retained: RetainedTable;
  readonly nowMs: () => number;
  readonly sessionExpirySeconds?: number;
  readonly log: (line: string) => void;
}): Promise<Broker> => {
  const { listener, nowMs, log } = options;
  const sessionExpirySeconds = options.sessionExpirySeconds ?? SESSION_EXPIRY_SECONDS;
  const sessions = mqttSessions(options.retained, nowMs);
  const connections = connectionTable(nowMs);
  const audience = mqttAudience<AedesPublishPacket>();
  const live = new WeakMap<Client, Live>();
  const byId = new Map<string, Client>();
  const expiries = new Map<string, NodeJS.Timeout>();
  let closing = false;

  const refuse = (client: Client, reason: DisconnectReason, why: string): Error => {
    const state = live.get(client);
    if (state !== undefined) state.reason ??= reason;
    log(`mqtt client ${client.id}: disconnected, ${why}`);
    return new Error(why);
  };

  const forget = (client: Client, filters: readonly string[]): void => {
    for (const filter of filters) live.get(client)?.filters.delete(filter);
  };

  const handlers: AedesOptions = {
    // No global queue, as aedes' own mq has: with one, a single client that does not read holds up everybody. The 0 is
    // then only for the listeners of a connection: no limit.
    mq: audience,
    concurrency: 0,
    persistence: sessions,
    preConnect: (client, packet, callback) => {
      live.set(client, { keepAliveSeconds: packet.keepalive ?? 0, filters: new Set() });
      if (Buffer.byteLength(packet.clientId) <= MAX_CLIENT_ID_BYTES) callback(null, true);
      else callback(new Error(`a client id has at most ${MAX_CLIENT_ID_BYTES} bytes`), false);
    },
    authenticate: (client, _username, _password, callback) => {
      const before = byId.get(client.id);
      const state = before === undefined ? undefined : live.get(before);
      if (state !== undefined) state.reason ??= "DUPLICATE_CLIENTID";
      callback(null, true);
    },
    authorizePublish: (client, packet, callback) => {
      const payload = Buffer.isBuffer(packet.payload)
        ? packet.payload
        : Buffer.from(packet.payload);
      const fault = publishFault({ topic: packet.topic, payload, qos: packet.qos });
      if (fault !== undefined && client !== null) {
        const reason = fault.kind === "limit" ? "CLIENT_ERROR" : "FORBIDDEN_ACCESS";
        callback(
          refuse(client, reason, `publish on ${packet.topic.slice(0, 300)}: ${fault.message}`),
        );
        return;
      }
      // A client publishes while it is open; what comes after is its last will.
      const will = client?.closed === true;
      if (fault !== undefined || (will && closing)) {
        callback(new Error("not published"));
        return;
      }
      const message: Message = {
        topic: packet.topic,
        payload,
        qos: packet.qos === 0 ? 0 : 1,
        retain: packet.retain,
        ...(client === null ? {} : { clientId: client.id }),
        ...(will ? { will } : {}),
      };
      listener.rules(message);
      listener.shadows(message);
      // PUBACK goes out after this: what was acknowledged is on disk.
      listener.settle((error) => callback(error ?? null));
    },
    authorizeSubscribe: (client, subscription, callback) => {
      const filters = live.get(client)?.filters;
      const fault =
        filterFault(subscription.topic) ??
        (subscription.qos > 1 ? "AWS IoT has no QoS 2" : undefined) ??
        (subscription.topic.startsWith("$share/")
          ? "shared subscriptions are not imitated"
          : undefined) ??
        ((filters?.size ?? 0) >= MAX_SUBSCRIPTIONS && filters?.has(subscription.topic) === false
          ? `a connection has at most ${MAX_SUBSCRIPTIONS} subscriptions`
          : undefined);
      if (fault !== undefined) {
        log(
          `mqtt client ${client.id}: subscription to ${subscription.topic.slice(0, 300)} refused, ${fault}`,
        );
        callback(null, null);
        return;
      }
      filters?.add(subscription.topic);
      callback(null, subscription);
    },
    authorizeForward: (client, packet) => {
      if (client.conn.writableLength <= MAX_UNREAD_BYTES) return packet;
      if (!client.conn.destroyed) {
        client.conn.destroy(
          refuse(client, "CLIENT_ERROR", `it left ${MAX_UNREAD_BYTES} bytes unread`),
        );
      }
      return null;
    },
  };
  const broker = await Aedes.createBroker(handlers);

  broker.on("client", (client) => {
    byId.set(client.id, client);
    clearTimeout(expiries.get(client.id));
    expiries.delete(client.id);
  });
  broker.on("clientReady", (client) => {
    const { ip, port } = peerOf(client);
    const event = presenceEvent(
      connections.begin({
        clientId: client.id,
        cleanSession: client.clean,
        keepAliveSeconds: live.get(client)?.keepAliveSeconds ?? 0,
        sourceIp: ip,
        sourcePort: port,
        connectedSinceMs: nowMs(),
        sessionIdentifier: randomUUID(),
      }),
    );
    if (event !== undefined) listener.announce(event);
  });
  broker.on("clientDisconnect", (client) => {
    if (byId.get(client.id) === client) byId.delete(client.id);
    forget(client, [...(live.get(client)?.filters ?? [])]);
    if (closing) return;
    if (!client.clean) {
      const expire = (): void => {
        expiries.delete(client.id);
        sessions.forget(client.id);
      };
      expiries.set(client.id, setTimeout(expire, sessionExpirySeconds * 1000).unref());
    }
    const reason =
      live.get(client)?.reason ??
      (saidDisconnect(client) ? "CLIENT_INITIATED_DISCONNECT" : "CONNECTION_LOST");
    const ended = connections.end(client.id, reason);
    const event = ended === undefined ? undefined : presenceEvent(ended);
    if (event !== undefined) listener.announce(event);
  });
  broker.on("keepaliveTimeout", (client) => {
    const state = live.get(client);
    if (state !== undefined) state.reason ??= "MQTT_KEEP_ALIVE_TIMEOUT";
  });
  broker.on("clientError", (client) => {
    const state = live.get(client);
    if (state !== undefined) state.reason ??= "CLIENT_ERROR";
  });
  broker.on("unsubscribe", (filters, client) => forget(client, filters));

  const deliver = (message: Message): void => {
    const { topic, payload, qos, retain } = message;
    broker.publish({ cmd: "publish", topic, payload, qos, retain, dup: false }, () => {});
  };

  const listening = await listenMqtt(options.port, (stream, request?: IncomingMessage) => {
    const client = broker.handle(stream, request);
    limitPacketLength(client);
    deliverAtOnce(client);
  });

  return {
    url: `mqtt://localhost:${listening.port}`,
    port: listening.port,
    hears: (topic) => audience.hears(topic) || sessions.hears(topic),
    deliver,
    submit: (message) =>
      new Promise((resolve, reject) => {
        listener.rules(message);
        listener.shadows(message);
        listener.settle((error) => {
          if (error !== undefined) {
            reject(error);
            return;
          }
          deliver(message);
          resolve();
        });
      }),
    connection: connections.get,
    close: async () => {
      if (closing) return;
      closing = true;
      for (const timer of expiries.values()) clearTimeout(timer);
      await new Promise<void>((closed) => {
        broker.close(() => closed());
      });
      await listening.close();
    },
  };
};

const peerOf = (client: Client): { readonly ip: string; readonly port: number } => {
  const socket = client.conn instanceof Socket ? client.conn : client.req?.socket;
  return { ip: socket?.remoteAddress ?? "127.0.0.1", port: socket?.remotePort ?? 0 };
};
