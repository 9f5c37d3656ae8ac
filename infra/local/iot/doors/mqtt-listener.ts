import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { isLoopbackHost, isLoopbackOrigin } from "#local/wire/loopback.ts";
import { listenFailure } from "#local/wire/port-in-use.ts";
import { MAX_PACKET_BYTES } from "../messages/max-packet-bytes.ts";

/** One port on the loopback interface that speaks MQTT and MQTT over WebSocket (`ws://…/mqtt`). */
export interface MqttListener {
  readonly port: number;
  close(): Promise<void>;
}

const FIRST_BYTE_MS = 10_000;
const MQTT_CONNECT = 0x10;

/**
 * Listens on 127.0.0.1; port 0 takes a free one. The first byte tells the protocols apart: an MQTT connection begins
 * with CONNECT, a WebSocket with the letter of a method.
 * @throws LocalError `PortInUse`
 */
export const listenMqtt = (
  port: number,
  connected: (stream: Duplex, request?: IncomingMessage) => void,
): Promise<MqttListener> => {
  const sockets = new Set<Socket>();
  const http = createHttpServer((_request, response) => {
    response.writeHead(426, { upgrade: "websocket", connection: "close" });
    response.end("MQTT over WebSocket is at /mqtt\n");
  });
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PACKET_BYTES,
    handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
  });
  http.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const refusal = upgradeRefusal(request);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const stream = createWebSocketStream(webSocket);
      // A connection that breaks is aedes' to notice; without a listener it would end the process.
      stream.on("error", () => {});
      connected(stream, request);
    });
  });

  // Nagle's algorithm and delayed acknowledgements cost 44 to 88 ms a round trip (reference/performance.md).
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.setTimeout(FIRST_BYTE_MS, () => socket.destroy());
    socket.once("readable", () => {
      const first: unknown = socket.read(1);
      if (!Buffer.isBuffer(first)) return;
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.unshift(first);
      const byte = first[0] ?? 0;
      // Only after this listener is gone does the next one hear of the bytes that are there already.
      setImmediate(() => {
        if (socket.destroyed) return;
        if (byte === MQTT_CONNECT) connected(socket);
        else if (byte >= 0x41 && byte <= 0x5a) http.emit("connection", socket);
        else socket.destroy();
      });
    });
  });

  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(listenFailure(error, port, { name: "MQTT", option: "--mqtt-port" })),
    );
    server.listen(port, "127.0.0.1", () => {
      const address = server.address() as AddressInfo;
      resolve({
        port: address.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            webSockets.close();
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
};

/** A page on the web must not be able to talk to the house through the visitor's browser. */
const upgradeRefusal = (request: IncomingMessage): string | undefined => {
  const { host, origin } = request.headers;
  if (!isLoopbackHost(host)) return "403 Forbidden";
  if (origin !== undefined && !isLoopbackOrigin(origin)) return "403 Forbidden";
  const [path] = (request.url ?? "").split("?");
  return path === "/mqtt" ? undefined : "404 Not Found";
};
