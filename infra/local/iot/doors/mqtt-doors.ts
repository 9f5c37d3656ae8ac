import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { listenMqtt } from "./mqtt-listener.ts";
import { readWhole } from "./read-whole.ts";
import { listenTls } from "./tls-listener.ts";

/** The port for devices on the network, who sign in with certificates. */
export interface TlsOptions {
  readonly port: number;
  /** All interfaces where absent. */
  readonly host?: string;
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** The ports through which clients come. */
export interface MqttDoors {
  readonly port: number;
  /** Absent: nothing listens beyond the loopback interface. */
  readonly tlsPort?: number;
  close(): Promise<void>;
}

/**
 * Opens the port on the loopback interface, and the one for devices on the network where it is asked for.
 * @throws LocalError `PortInUse`; then nothing is open, and `beforeClose` was called
 */
export const openMqttDoors = async (options: {
  readonly port: number;
  readonly tls?: TlsOptions;
  readonly log: (line: string) => void;
  onLoopback(stream: Duplex, request?: IncomingMessage): void;
  onNetwork(socket: TLSSocket, certificateId: string): void;
  /** What must end before the ports are closed. */
  beforeClose(): Promise<void>;
}): Promise<MqttDoors> => {
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await options.beforeClose();
    await Promise.all(opened.map((door) => door.close()));
  };
  const open = async <Door extends { close(): Promise<void> }>(
    opening: Promise<Door>,
  ): Promise<Door> => {
    try {
      const door = await opening;
      opened.push(door);
      return door;
    } catch (error) {
      await close();
      throw error;
    }
  };
  const loopback = listenMqtt(options.port, (stream, request) =>
    options.onLoopback(readWhole(stream), request),
  );
  const { port } = await open(loopback);
  if (options.tls === undefined) return { port, close };
  const network = listenTls({ ...options.tls, log: options.log }, (socket, certificateId) =>
    options.onNetwork(readWhole(socket), certificateId),
  );
  const { port: tlsPort } = await open(network);
  return { port, tlsPort, close };
};
