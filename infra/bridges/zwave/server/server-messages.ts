import { isObject, parseJsonObject } from "#domain/json.ts";

// https://github.com/zwave-js/zwave-js-server#api

export type Members = Readonly<Record<string, unknown>>;

/** What the server sends. */
export type ServerMessage =
  | {
      readonly type: "version";
      readonly homeId: number | undefined;
      readonly server: string;
      readonly schemas: { readonly oldest: number; readonly newest: number };
    }
  | { readonly type: "result"; readonly messageId: string; readonly outcome: CommandOutcome }
  | {
      readonly type: "event";
      readonly source: string;
      readonly event: string;
      readonly body: Members;
    };

/** What became of a command to the server. */
export type CommandOutcome =
  | { readonly ok: true; readonly result: Members }
  /** `code` is the driver's own (`Controller_CallbackNOK`) where it knows one, else the server's (`node_not_found`). */
  | { readonly ok: false; readonly code: string; readonly text: string };

/** Reads a message; undefined for what is none of the protocol. */
export const parseServerMessage = (text: string): ServerMessage | undefined => {
  const message = parseJsonObject(text);
  switch (message?.type) {
    case "version":
      return readVersion(message);
    case "result":
      return typeof message.messageId === "string"
        ? { type: "result", messageId: message.messageId, outcome: readOutcome(message) }
        : undefined;
    case "event":
      return readEvent(message.event);
    default:
      return undefined;
  }
};

const readVersion = (message: Members): ServerMessage | undefined => {
  const { homeId, serverVersion, minSchemaVersion, maxSchemaVersion } = message;
  if (typeof minSchemaVersion !== "number" || typeof maxSchemaVersion !== "number")
    return undefined;
  return {
    type: "version",
    homeId: typeof homeId === "number" ? homeId : undefined,
    server: String(serverVersion),
    schemas: { oldest: minSchemaVersion, newest: maxSchemaVersion },
  };
};

const readOutcome = (message: Members): CommandOutcome => {
  if (message.success === true) {
    return { ok: true, result: isObject(message.result) ? message.result : {} };
  }
  const { errorCode, zwaveErrorCodeName, zwaveErrorMessage, message: why, args } = message;
  return {
    ok: false,
    code: String(zwaveErrorCodeName ?? errorCode),
    text: String(zwaveErrorMessage ?? (why === "" ? JSON.stringify(args) : why)),
  };
};

const readEvent = (event: unknown): ServerMessage | undefined =>
  isObject(event) && typeof event.source === "string" && typeof event.event === "string"
    ? { type: "event", source: event.source, event: event.event, body: event }
    : undefined;
