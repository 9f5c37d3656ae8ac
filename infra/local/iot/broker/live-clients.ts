import type { Client } from "aedes";
import type { DisconnectReason } from "./connection-table.ts";
import { saidDisconnect } from "./packet-limit.ts";

/** What is remembered of each connection while it lasts. */
export interface LiveClients {
  /** It said CONNECT; it is not let in yet. */
  begin(client: Client, keepAliveSeconds: number): void;
  /** It is in its client id's place. */
  enter(client: Client): void;
  /** Who is in a client id's place. */
  named(clientId: string): Client | undefined;
  /** It goes. False for one that was never let in to its place. */
  leave(client: Client): boolean;
  keepAliveSeconds(client: Client): number;
  /** What it subscribes to. */
  filters(client: Client): Set<string> | undefined;
  /** Why its connection ends; what is noted first counts. */
  noteEnd(client: Client, reason: DisconnectReason): void;
  endReason(client: Client): DisconnectReason;
  /** The same for a client that is sent away, with a line in the log; gives what aedes ends a connection with. */
  refuse(client: Client, reason: DisconnectReason, why: string): Error;
}

interface Live {
  readonly keepAliveSeconds: number;
  readonly filters: Set<string>;
  reason?: DisconnectReason;
}

/** Nobody is there yet. */
export const liveClients = (log: (line: string) => void): LiveClients => {
  const live = new WeakMap<Client, Live>();
  const byId = new Map<string, Client>();

  const noteEnd = (client: Client, reason: DisconnectReason): void => {
    const state = live.get(client);
    if (state !== undefined) state.reason ??= reason;
  };

  return {
    begin: (client, keepAliveSeconds) => {
      live.set(client, { keepAliveSeconds, filters: new Set() });
    },
    enter: (client) => {
      byId.set(client.id, client);
    },
    named: (clientId) => byId.get(clientId),
    leave: (client) => {
      if (byId.get(client.id) !== client) return false;
      byId.delete(client.id);
      live.get(client)?.filters.clear();
      return true;
    },
    keepAliveSeconds: (client) => live.get(client)?.keepAliveSeconds ?? 0,
    filters: (client) => live.get(client)?.filters,
    noteEnd,
    endReason: (client) =>
      live.get(client)?.reason ??
      (saidDisconnect(client) ? "CLIENT_INITIATED_DISCONNECT" : "CONNECTION_LOST"),
    refuse: (client, reason, why) => {
      noteEnd(client, reason);
      log(`mqtt client ${client.id}: disconnected, ${why}`);
      return new Error(why);
    },
  };
};
