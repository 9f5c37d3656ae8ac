import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import {
  Aedes,
  type AedesOptions,
  type AedesPublishPacket,
  type Client,
  type Subscription,
} from "aedes";
import type { Message } from "../messages/message.ts";
import { filterFault } from "../messages/topic.ts";
import type { DevicePermissions } from "../registry/device-permissions.ts";
import type { Broker, BrokerListener } from "./broker.ts";
import { clientRights } from "./client-rights.ts";
import { connectFault } from "./connect-fault.ts";
import { type Connection, connectionTable, type DisconnectReason } from "./connection-table.ts";
import { limitedLog } from "./limited-log.ts";
import { mqttAudience } from "./mqtt-audience.ts";
import { deliverAtOnce } from "./mqtt-delivery.ts";
import { listenMqtt } from "./mqtt-listener.ts";
import { mqttSessions, SESSION_EXPIRY_SECONDS } from "./mqtt-sessions.ts";
import { isLetIn, limitPacketLength, saidDisconnect, waitForSignIn } from "./packet-limit.ts";
import { presenceEvent } from "./presence-event.ts";
import type { RetainedTable } from "./retained-table.ts";
import { listenTls } from "./tls-listener.ts";

const MAX_SUBSCRIPTIONS = 50;
/** CONNACK's return code, MQTT 3.1.1 section 3.2.2.3. */
const NOT_AUTHORIZED = 5;
// A reader that is this far behind is not reading; AWS's own bound is not documented.
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** What is remembered of a connection while it lasts. */
interface Live {
  readonly keepAliveSeconds: number;
  readonly filters: Set<string>;
  reason?: DisconnectReason;
  refused?: string;
}

/** The port for devices on the network, who sign in with certificates. */
export interface TlsOptions {
  readonly port: number;
  /** All interfaces where absent. */
  readonly host?: string;
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** The embedded broker: aedes with the limits and the events of AWS IoT. */
export const startEmbeddedBroker = async (options: {
  readonly port: number;
  readonly listener: BrokerListener;
  readonly retained: RetainedTable;
  readonly permissions: DevicePermissions;
  /** Absent: nothing listens beyond the loopback interface. */
  readonly tls?: TlsOptions;
  readonly nowMs: () => number;
  readonly sessionExpirySeconds?: number;
  readonly log: (line: string) => void;
}): Promise<Broker> => {
  const { listener, permissions, nowMs, log } = options;
  const sessionExpirySeconds = options.sessionExpirySeconds ?? SESSION_EXPIRY_SECONDS;
  const sessions = mqttSessions(options.retained, nowMs);
  const connections = connectionTable(nowMs);
  const audience = mqttAudience<AedesPublishPacket>();
  const live = new WeakMap<Client, Live>();
  const byId = new Map<string, Client>();
  const rights = clientRights(permissions);
  const signedIn = new Set<Client>();
  /** Whose certificate a persistent session is of, by client id. */
  const sessionOwners = new Map<string, string>();
  const expiries = new Map<string, NodeJS.Timeout>();
  let closing = false;

  const seldom = limitedLog(log, nowMs);
  const refuse = (client: Client, reason: DisconnectReason, why: string): Error => {
    const state = live.get(client);
    if (state !== undefined) state.reason ??= reason;
    seldom(`mqtt client ${client.id}: disconnected, ${why}`);
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
    persistence: {
      ...sessions,
      // aedes hands over the whole SUBSCRIBE as soon as one filter of it was granted.
      addSubscriptions: (client: Client, subscriptions: readonly Subscription[]) => {
        const granted = live.get(client)?.filters;
        return sessions.addSubscriptions(
          client,
          subscriptions.filter(({ topic }) => granted?.has(topic)),
        );
      },
    },
    preConnect: (client, packet, callback) => {
      live.set(client, { keepAliveSeconds: packet.keepalive ?? 0, filters: new Set() });
      waitForSignIn(client);
      const fault = connectFault(packet);
      if (fault !== undefined) {
        const { sourceIp } = socketOf(client);
        seldom(
          `mqtt client ${packet.clientId.slice(0, 128)} at ${sourceIp}: refused, ${fault.why}`,
        );
      }
      if (fault === undefined || fault.isAnswered) callback(null, true);
      else callback(new Error(fault.why), false);
    },
    authenticate: (client, _username, _password, callback) => {
      const fault = rights.signInFault(client);
      if (fault !== undefined) {
        const refusal = refuse(client, "AUTH_ERROR", fault);
        callback(Object.assign(refusal, { returnCode: NOT_AUTHORIZED }), false);
        return;
      }
      const before = byId.get(client.id);
      const state = before === undefined ? undefined : live.get(before);
      if (state !== undefined) state.reason ??= "DUPLICATE_CLIENTID";
      callback(null, true);
    },
    authorizePublish: (client, packet, callback) => {
      const payload = Buffer.isBuffer(packet.payload)
        ? packet.payload
        : Buffer.from(packet.payload);
      const refusal = rights.publishRefusal(client, packet, payload);
      // A client publishes while it is open; what comes after is its last will.
      const will = client?.closed === true;
      if (will && (closing || refusal !== undefined)) {
        if (!closing) {
          seldom(`mqtt client ${client.id}: its last will is not published, ${refusal?.why}`);
        }
        callback(new Error("not published"));
        return;
      }
      if (refusal !== undefined) {
        callback(
          client === null
            ? new Error(refusal.why)
            : refuse(client, refusal.reason, `publish: ${refusal.why}`),
        );
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
      const resource = `topicfilter/${subscription.topic}`;
      if (rights.isForbidden(client, "iot:Subscribe", resource)) {
        if (isLetIn(client)) {
          callback(refuse(client, "AUTH_ERROR", `no policy allows iot:Subscribe on ${resource}`));
          return;
        }
        // A session that is restored: it comes back without what its policies forbid by now.
        sessions
          .removeSubscriptions(client, [subscription.topic])
          .then(() => callback(null, null), callback);
        return;
      }
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
        seldom(
          `mqtt client ${client.id}: subscription to ${subscription.topic.slice(0, 300)} refused, ${fault}`,
        );
        callback(null, null);
        return;
      }
      filters?.add(subscription.topic);
      callback(null, subscription);
    },
    authorizeForward: (client, packet) => {
      if (rights.isForbidden(client, "iot:Receive", `topic/${packet.topic}`)) return null;
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
    const certificateId = rights.certificateOf(client);
    if (certificateId === undefined || client.clean) sessionOwners.delete(client.id);
    else sessionOwners.set(client.id, certificateId);
    clearTimeout(expiries.get(client.id));
    expiries.delete(client.id);
  });
  broker.on("clientReady", (client) => {
    // It may be gone again already; then its end came first, and nobody would ever tell of another.
    if (client.closed) return;
    const event = presenceEvent(
      connections.begin({
        clientId: client.id,
        cleanSession: client.clean,
        keepAliveSeconds: live.get(client)?.keepAliveSeconds ?? 0,
        ...socketOf(client),
        connectedSinceMs: nowMs(),
        sessionIdentifier: randomUUID(),
        principalIdentifier: rights.certificateOf(client) ?? client.id,
      }),
    );
    if (event !== undefined) listener.announce(event);
  });
  broker.on("clientDisconnect", (client) => {
    // One that was never let in to its place must not end the connection of who is there.
    if (byId.get(client.id) !== client) return;
    byId.delete(client.id);
    forget(client, [...(live.get(client)?.filters ?? [])]);
    if (closing) return;
    if (!client.clean) {
      const expire = (): void => {
        expiries.delete(client.id);
        sessionOwners.delete(client.id);
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

  const take = (client: Client): void => {
    limitPacketLength(client);
    deliverAtOnce(client);
  };
  const listeners: { close(): Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    // aedes has timers of its own, which would keep the process.
    await new Promise<void>((closed) => {
      broker.close(() => closed());
    });
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  const listen = async <T extends { close(): Promise<void> }>(begun: Promise<T>): Promise<T> => {
    try {
      const listener = await begun;
      listeners.push(listener);
      return listener;
    } catch (error) {
      await closeAll();
      throw error;
    }
  };

  const listening = await listen(
    listenMqtt(options.port, (stream, request?: IncomingMessage) => {
      take(broker.handle(stream, request));
    }),
  );
  const tls =
    options.tls === undefined
      ? undefined
      : await listen(
          listenTls({ ...options.tls, log: seldom }, (socket, certificateId) => {
            const client = broker.handle(socket);
            rights.identify(client, certificateId);
            signedIn.add(client);
            socket.once("close", () => signedIn.delete(client));
            take(client);
          }),
        );

  return {
    url: `mqtt://localhost:${listening.port}`,
    port: listening.port,
    ...(tls === undefined ? {} : { tlsPort: tls.port }),
    disconnect: (certificateId) => {
      for (const client of signedIn) {
        if (rights.certificateOf(client) !== certificateId) continue;
        client.conn.destroy(refuse(client, "AUTH_ERROR", "its certificate is not active any more"));
      }
      for (const [clientId, owner] of sessionOwners) {
        if (owner !== certificateId) continue;
        sessionOwners.delete(clientId);
        sessions.forget(clientId);
      }
    },
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
      await closeAll();
    },
  };
};

const socketOf = (
  client: Client,
): Pick<Connection, "sourceIp" | "sourcePort" | "targetIp" | "targetPort"> => {
  const socket = client.conn instanceof Socket ? client.conn : client.req?.socket;
  return {
    sourceIp: plainAddress(socket?.remoteAddress),
    sourcePort: socket?.remotePort ?? 0,
    targetIp: plainAddress(socket?.localAddress),
    targetPort: socket?.localPort ?? 0,
  };
};

/** Who listens on all interfaces sees IPv4 as part of IPv6. */
const plainAddress = (address = "127.0.0.1"): string => address.replace(/^::ffff:/, "");
