import { Aedes, type AedesPublishPacket, type Client } from "aedes";
import { openMqttDoors, type TlsOptions } from "../doors/mqtt-doors.ts";
import type { Message } from "../messages/message.ts";
import type { Broker, BrokerListener } from "./broker.ts";
import { clientRights } from "./client-rights.ts";
import type { DevicePermissions } from "./device-permissions.ts";
import { limitedLog } from "./limited-log.ts";
import { liveClients } from "./live-clients.ts";
import { mqttAudience } from "./mqtt-audience.ts";
import { deliverAtOnce } from "./mqtt-delivery.ts";
import { publishing } from "./mqtt-publishing.ts";
import { receiving } from "./mqtt-receiving.ts";
import { mqttSessions } from "./mqtt-sessions.ts";
import { signIn } from "./mqtt-sign-in.ts";
import { subscribing, withGrantedOnly } from "./mqtt-subscribing.ts";
import { limitPacketLength } from "./packet-limit.ts";
import { presence } from "./presence.ts";
import type { RetainedTable } from "./retained-table.ts";
import { sessionLives } from "./session-lives.ts";

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
  const { listener, nowMs } = options;
  const log = limitedLog(options.log, nowMs);
  const live = liveClients(log);
  const rights = clientRights(options.permissions);
  const sessions = mqttSessions(options.retained, nowMs);
  const lives = sessionLives(sessions, options.sessionExpirySeconds);
  const audience = mqttAudience<AedesPublishPacket>();
  const known = presence({ rights, live, announce: listener.announce, nowMs });
  let closing = false;

  const broker = await Aedes.createBroker({
    // No global queue, as aedes' own mq has: with one, a single client that does not read holds up everybody. The 0 is
    // then only for the listeners of a connection: no limit.
    mq: audience,
    concurrency: 0,
    persistence: withGrantedOnly(sessions, live),
    ...signIn(rights, live, log),
    ...publishing({ listener, rights, live, log, isClosing: () => closing }),
    ...subscribing({ rights, live, sessions, log }),
    ...receiving(rights, live),
  });
  broker.on("client", (client) => {
    live.enter(client);
    lives.resume(client, rights.certificateOf(client));
  });
  broker.on("clientReady", known.begin);
  broker.on("clientDisconnect", (client) => {
    // One that was never let in to its place must not end the connection of who is there.
    if (!live.leave(client) || closing) return;
    lives.leave(client);
    known.end(client);
  });
  broker.on("keepaliveTimeout", (client) => live.noteEnd(client, "MQTT_KEEP_ALIVE_TIMEOUT"));
  broker.on("clientError", (client) => live.noteEnd(client, "CLIENT_ERROR"));
  broker.on("unsubscribe", (filters, client) => {
    for (const filter of filters) live.filters(client)?.delete(filter);
  });

  const take = (client: Client): void => {
    limitPacketLength(client);
    deliverAtOnce(client);
  };
  const doors = await openMqttDoors({
    port: options.port,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    log,
    onLoopback: (stream, request) => take(broker.handle(stream, request)),
    onNetwork: (socket, certificateId) => {
      const client = broker.handle(socket);
      rights.identify(client, certificateId);
      socket.once("close", () => rights.leave(client));
      take(client);
    },
    // aedes has timers of its own, which would keep the process.
    beforeClose: () =>
      new Promise((closed) => {
        broker.close(() => closed());
      }),
  });

  const hears = (topic: string): boolean => audience.hears(topic) || sessions.hears(topic);
  const deliver = (message: Message): void => {
    const { topic, payload, qos, retain } = message;
    broker.publish({ cmd: "publish", topic, payload, qos, retain, dup: false }, () => {});
  };

  return {
    url: `mqtt://localhost:${doors.port}`,
    port: doors.port,
    ...(doors.tlsPort === undefined ? {} : { tlsPort: doors.tlsPort }),
    disconnect: (certificateId) => {
      for (const client of rights.signedInWith(certificateId)) {
        const why = "its certificate is not active any more";
        client.conn.destroy(live.refuse(client, "AUTH_ERROR", why));
      }
      lives.endThoseOf(certificateId);
    },
    hears,
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
          // Most of it is for the shadow service, and nobody else hears it.
          if (message.retain || hears(message.topic)) deliver(message);
          resolve();
        });
      }),
    connection: known.connection,
    close: async () => {
      if (closing) return;
      closing = true;
      lives.close();
      await doors.close();
    },
  };
};
