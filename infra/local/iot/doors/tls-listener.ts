// https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html: MQTT on 8883 with an X.509 client certificate
import { constants } from "node:crypto";
import type { AddressInfo, Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { listenFailure } from "#local/wire/port-in-use.ts";

/** The port that devices reach over the network: MQTT over TLS, with a certificate of the authority on both sides. */
export interface TlsListener {
  readonly port: number;
  close(): Promise<void>;
}

const HANDSHAKE_MS = 10_000;
// Whoever is on the network may knock; what that costs must have an end.
const MAX_CONNECTIONS = 1000;

/**
 * Listens on all interfaces, or on one address. Port 0 takes a free one.
 * @throws LocalError `PortInUse`
 */
export const listenTls = (
  options: {
    readonly port: number;
    /** All interfaces where absent. */
    readonly host?: string;
    readonly key: string;
    readonly cert: string;
    /** Who must have issued the client's certificate. */
    readonly ca: string;
    readonly log: (line: string) => void;
  },
  connected: (socket: TLSSocket, certificateId: string) => void,
): Promise<TlsListener> => {
  const { port, host, key, cert, ca, log } = options;
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      key,
      cert,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
      // A client that asks for it again and again costs as many handshakes on one connection.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      handshakeTimeout: HANDSHAKE_MS,
      // Nagle's algorithm and delayed acknowledgements cost 44 to 88 ms a round trip (reference/performance.md).
      noDelay: true,
    },
    (socket) => {
      const certificateId = fingerprintOf(socket);
      if (certificateId === undefined) socket.destroy();
      else connected(socket, certificateId);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  // Those below the TLS ones: a handshake that is not done must not hold up the end.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // Every handshake that fails, a port scan's too. Only what a device's owner can mend is worth a line.
  server.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
    // Of a certificate that does not verify the error says only that the connection is gone.
    const unverified: unknown = socket.authorizationError ?? undefined;
    if (unverified !== undefined || /CERTIFICATE|UNKNOWN_CA/.test(error.code ?? "")) {
      const who = socket.remoteAddress ?? "a client";
      log(`mqtt over TLS: ${who} is refused, ${String(unverified ?? error.code)}`);
    }
    socket.destroy();
  });

  return new Promise((resolve, reject) => {
    const refused = (error: Error): void =>
      reject(listenFailure(error, port, { name: "MQTT over TLS", option: "--mqtt-tls-port" }));
    server.once("error", refused);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off("error", refused);
      // Such as no more file descriptors: it costs one connection, not the house.
      server.on("error", (error) => log(`mqtt over TLS: ${error.message}`));
      const address = server.address() as AddressInfo;
      resolve({
        port: address.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
};

/** SHA-256 of the client's certificate, by which it is registered. */
const fingerprintOf = (socket: TLSSocket): string | undefined =>
  socket.getPeerX509Certificate()?.fingerprint256.replaceAll(":", "").toLowerCase();
