import { randomUUID } from "node:crypto";
import { parseJson } from "../messages/json.ts";
import type { Message } from "../messages/message.ts";
import type { SqlContext } from "./compile-sql.ts";

/** What a rule's expressions see of a message. */
export const sqlContext = (
  message: Pick<Message, "topic" | "payload" | "clientId" | "json">,
  nowMs: number,
  doubt: (what: string) => void,
): SqlContext => {
  const json = message.json === undefined ? parseJson(message.payload) : { value: message.json };
  return {
    topic: message.topic,
    // No getter: service-message.ts says what one costs in an object literal.
    payload: () => message.payload,
    ...("value" in json ? { json: json.value } : {}),
    ...(message.clientId === undefined ? {} : { clientId: message.clientId }),
    nowMs,
    newUuid: randomUUID,
    doubt,
  };
};
