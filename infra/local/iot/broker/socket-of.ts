import { Socket } from "node:net";
import type { Client } from "aedes";
import type { Connection } from "./connection-table.ts";

/** Where a client's connection comes from and arrives, also one over WebSocket. */
export const socketOf = (
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
