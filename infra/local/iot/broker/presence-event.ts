// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html#connect-disconnect

import type { JsonObject } from "#local/wire/json.ts";
import type { Message } from "../messages/message.ts";
import { topicFault } from "../messages/topic.ts";
import type { Connection } from "./connection-table.ts";

/** The event of a connection's begin or end; absent for a client id that makes no topic. */
export const presenceEvent = (connection: Connection): Message | undefined => {
  const { clientId, ended } = connection;
  const eventType = ended === undefined ? "connected" : "disconnected";
  const topic = `$aws/events/presence/${eventType}/${clientId}`;
  if (topicFault(topic) !== undefined) return undefined;
  const json: JsonObject = {
    clientId,
    timestamp: ended?.atMs ?? connection.connectedSinceMs,
    eventType,
    sessionIdentifier: connection.sessionIdentifier,
    principalIdentifier: connection.principalIdentifier,
    ...(ended === undefined
      ? { ipAddress: connection.sourceIp }
      : {
          clientInitiatedDisconnect: ended.reason === "CLIENT_INITIATED_DISCONNECT",
          disconnectReason: ended.reason,
        }),
    versionNumber: connection.versionNumber,
  };
  return { topic, payload: Buffer.from(JSON.stringify(json)), qos: 0, retain: false, json };
};
