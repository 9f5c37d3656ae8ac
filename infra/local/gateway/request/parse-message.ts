// https://www.jsonrpc.org/specification, as MCP narrows it: no batches, ids are strings or integers.
import { isObject } from "#local/wire/json.ts";
import { type Answer, errorAnswer, type MessageId } from "./answer.ts";

/** One message that asks for an answer. */
export interface Message {
  readonly id: string | number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Reads a body: a message, `"silent"` for what gets no answer but a 202, or the error it deserves. */
export const parseBody = (
  text: string,
): { readonly message: Message; readonly document: unknown } | "silent" | Answer => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return errorAnswer(null, { code: -32_700, message: "Parse error" }, 400);
  }
  const message = parseMessage(document);
  if (message !== undefined) return { message, document };
  return isSilent(document) ? "silent" : invalidRequest(document);
};

/** Reads a message that asks for an answer; nothing for anything else. */
export const parseMessage = (document: unknown): Message | undefined => {
  if (!isEnvelope(document)) return undefined;
  const { id, method, params = {} } = document;
  return isId(id) && typeof method === "string" && isObject(params)
    ? { id, method, params }
    : undefined;
};

// A notification, or the answer to something that a server asked: this gateway asks nothing.
const isSilent = (document: unknown): boolean => {
  if (!isEnvelope(document)) return false;
  const { id, method, params = {} } = document;
  return method === undefined
    ? isId(id) && ("result" in document || isObject(document.error))
    : !("id" in document) && typeof method === "string" && isObject(params);
};

const isEnvelope = (document: unknown): document is Readonly<Record<string, unknown>> =>
  isObject(document) && document.jsonrpc === "2.0";

const isId = (id: unknown): id is string | number =>
  typeof id === "string" || (typeof id === "number" && Number.isInteger(id));

const invalidRequest = (document: unknown): Answer => {
  const known: MessageId = isObject(document) && isId(document.id) ? document.id : null;
  return errorAnswer(known, { code: -32_600, message: "Invalid Request" }, 400);
};
