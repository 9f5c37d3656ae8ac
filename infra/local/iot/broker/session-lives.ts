import type { Client } from "aedes";
import { type MqttSessions, SESSION_EXPIRY_SECONDS } from "./mqtt-sessions.ts";

/** How long persistent sessions live without their clients, and whose they are. */
export interface SessionLives {
  /** Its client is here, signed in with this certificate where it has one. */
  resume(client: Client, certificateId: string | undefined): void;
  /** Its client went: the session ends unless it comes back in time. */
  leave(client: Client): void;
  /** Ends the sessions of clients that signed in with a certificate. */
  endThoseOf(certificateId: string): void;
  close(): void;
}

/** The lives of the sessions: an hour each after the client went, where nothing else is said. */
export const sessionLives = (
  sessions: MqttSessions,
  expirySeconds = SESSION_EXPIRY_SECONDS,
): SessionLives => {
  /** Whose certificate a persistent session is of, by client id. */
  const owners = new Map<string, string>();
  const expiries = new Map<string, NodeJS.Timeout>();
  return {
    resume: (client, certificateId) => {
      if (certificateId === undefined || client.clean) owners.delete(client.id);
      else owners.set(client.id, certificateId);
      clearTimeout(expiries.get(client.id));
      expiries.delete(client.id);
    },
    leave: (client) => {
      if (client.clean) return;
      const expire = (): void => {
        expiries.delete(client.id);
        owners.delete(client.id);
        sessions.forget(client.id);
      };
      expiries.set(client.id, setTimeout(expire, expirySeconds * 1000).unref());
    },
    endThoseOf: (certificateId) => {
      for (const [clientId, owner] of owners) {
        if (owner !== certificateId) continue;
        owners.delete(clientId);
        sessions.forget(clientId);
      }
    },
    close: () => {
      for (const timer of expiries.values()) clearTimeout(timer);
    },
  };
};
