// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html

/** AWS's words for why a connection ended, as far as they happen here. */
export type DisconnectReason =
  | "AUTH_ERROR"
  | "CLIENT_INITIATED_DISCONNECT"
  | "CLIENT_ERROR"
  | "CONNECTION_LOST"
  | "DUPLICATE_CLIENTID"
  | "FORBIDDEN_ACCESS"
  | "MQTT_KEEP_ALIVE_TIMEOUT";

/** What is known of a client's connection, or of its last one. */
export interface Connection {
  readonly clientId: string;
  readonly cleanSession: boolean;
  readonly keepAliveSeconds: number;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly targetIp: string;
  readonly targetPort: number;
  readonly connectedSinceMs: number;
  readonly sessionIdentifier: string;
  /** The certificate's id, or where there is none the client's. */
  readonly principalIdentifier: string;
  /** Grows with each connection of this client id; orders the events. */
  readonly versionNumber: number;
  readonly ended?: { readonly atMs: number; readonly reason: DisconnectReason };
}

/** Connections, and for 30 minutes those that ended. */
export interface ConnectionTable {
  get(clientId: string): Connection | undefined;
  begin(connection: Omit<Connection, "versionNumber">): Connection;
  end(clientId: string, reason: DisconnectReason): Connection | undefined;
}

const REMEMBERED_MS = 30 * 60_000;
const MAX_ENDED = 10_000;

export const connectionTable = (nowMs: () => number): ConnectionTable => {
  const connections = new Map<string, Connection>();

  const get = (clientId: string): Connection | undefined => {
    const known = connections.get(clientId);
    if (known?.ended !== undefined && nowMs() - known.ended.atMs > REMEMBERED_MS) {
      connections.delete(clientId);
      return undefined;
    }
    return known;
  };

  /** Maps keep the order of insertion, so what ended first comes first. */
  const forgetOldest = (): void => {
    if (connections.size <= MAX_ENDED) return;
    for (const [clientId, { ended }] of connections) {
      if (ended === undefined) continue;
      connections.delete(clientId);
      return;
    }
  };

  return {
    get,
    begin: (connection) => {
      const versionNumber = (get(connection.clientId)?.versionNumber ?? -1) + 1;
      const begun = { ...connection, versionNumber };
      connections.delete(connection.clientId);
      connections.set(connection.clientId, begun);
      forgetOldest();
      return begun;
    },
    end: (clientId, reason) => {
      const known = get(clientId);
      if (known === undefined || known.ended !== undefined) return undefined;
      const ended = { ...known, ended: { atMs: nowMs(), reason } };
      connections.delete(clientId);
      connections.set(clientId, ended);
      return ended;
    },
  };
};
