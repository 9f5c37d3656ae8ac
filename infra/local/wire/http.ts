import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { listenFailure } from "./port-in-use.ts";

/** A server on the loopback interface. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
  /** `http://localhost:PORT`, without a slash at the end. */
  readonly url: string;
  /** Stops accepting, ends idle connections at once and the others after 500 ms. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 only. Port 0 takes a free one.
 * @throws LocalError `PortInUse`, naming the port and the option that changes it.
 */
export const listen = (
  handler: RequestListener,
  port: number,
  what: { readonly name: string; readonly option: string },
): Promise<Listening> => {
  // Nagle's algorithm costs up to 44 ms a round trip on loopback (node sets noDelay by default; said here on purpose).
  // A body may arrive slowly, headers may not: 10 s.
  const server = createServer({ noDelay: true, keepAlive: true, headersTimeout: 10_000 }, handler);
  // Longer than any client's idle time, so that a kept-alive socket is not closed under a request.
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenFailure(error, port, what)));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address() as AddressInfo;
      resolve({
        server,
        port: address.port,
        url: `http://localhost:${address.port}`,
        close: () => closeServer(server),
      });
    });
  });
};

/** How long a server that is being closed waits for its answers. */
export const CLOSING_MS = 500;

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), CLOSING_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
