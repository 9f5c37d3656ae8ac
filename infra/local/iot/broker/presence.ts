import { randomUUID } from "node:crypto";
import type { Client } from "aedes";
import type { Message } from "../messages/message.ts";
import type { ClientRights } from "./client-rights.ts";
import { type Connection, connectionTable } from "./connection-table.ts";
import type { LiveClients } from "./live-clients.ts";
import { presenceEvent } from "./presence-event.ts";
import { socketOf } from "./socket-of.ts";

/** Who is connected, and the events that tell of it. */
export interface Presence {
  /** It is let in. */
  begin(client: Client): void;
  /** It was in its client id's place, and is gone. */
  end(client: Client): void;
  connection(clientId: string): Connection | undefined;
}

/** Nobody is connected yet. */
export const presence = (options: {
  readonly rights: ClientRights;
  readonly live: LiveClients;
  readonly announce: (message: Message) => void;
  readonly nowMs: () => number;
}): Presence => {
  const { rights, live, announce, nowMs } = options;
  const connections = connectionTable(nowMs);
  const tell = (connection: Connection): void => {
    const event = presenceEvent(connection);
    if (event !== undefined) announce(event);
  };
  return {
    begin: (client) => {
      // It may be gone again already; then its end came first, and nobody would ever tell of another.
      if (client.closed) return;
      tell(
        connections.begin({
          clientId: client.id,
          cleanSession: client.clean,
          keepAliveSeconds: live.keepAliveSeconds(client),
          ...socketOf(client),
          connectedSinceMs: nowMs(),
          sessionIdentifier: randomUUID(),
          principalIdentifier: rights.certificateOf(client) ?? client.id,
        }),
      );
    },
    end: (client) => {
      const ended = connections.end(client.id, live.endReason(client));
      if (ended !== undefined) tell(ended);
    },
    connection: connections.get,
  };
};
