import { HomeError } from "#domain/home-error.ts";
import { isObject, parseJsonObject } from "#domain/json.ts";
import { type HttpAnswer, httpPost } from "./http-post.ts";
import type { TokenCache } from "./token-cache.ts";

/** What a tool answered: the `result` of tools/call. */
export type ToolResult = Readonly<Record<string, unknown>>;

/** Calls tools of the gateway as an MCP client. */
export interface ToolGateway {
  /** @throws HomeError `SignInFailed`, `GatewayFailed` */
  callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<ToolResult>;
}

const PROTOCOL_VERSION = "2025-11-25";
const CONNECT_MS = 3_000;
const HANDSHAKE_MS = 15_000;
// The function home ends after 60 s; its answer still has to come back.
const CALL_MS = 65_000;

/**
 * The part of MCP over Streamable HTTP that a machine needs to call a tool: initialize, initialized, tools/call; answers
 * as JSON or as an event stream. The official client makes a bundle of 475 KB, most of it for signing in and for schemas,
 * and costs 70 ms of every cold start.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export const toolGateway = (url: string, tokens: TokenCache): ToolGateway => ({
  callTool: async (name, args) => {
    const token = await tokens.get();
    try {
      return await callOnce({ url, token }, name, args);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      // Revoked, or signed with a key that is gone: a new one is asked for, once.
      tokens.forget(token);
      return callOnce({ url, token: await tokens.get() }, name, args);
    }
  },
});

interface Session {
  readonly url: string;
  readonly token: string;
  /** Our gateway keeps none; a server that gives one wants it back. */
  readonly id?: string;
  readonly version?: string;
}

class TokenRefused extends HomeError {
  constructor() {
    super("GatewayFailed", "The gateway refused the machine client's token (HTTP 401).");
  }
}

const callOnce = async (
  session: Session,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<ToolResult> => {
  const hello = await ask(session, HANDSHAKE_MS, "initialize", {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: "smarthome-scenes-schedules", version: "1" },
  });
  const { protocolVersion } = hello.result;
  const id = hello.answer.headers["mcp-session-id"];
  const open: Session = {
    ...session,
    version: typeof protocolVersion === "string" ? protocolVersion : PROTOCOL_VERSION,
    ...(typeof id === "string" ? { id } : {}),
  };
  await send(open, HANDSHAKE_MS, { jsonrpc: "2.0", method: "notifications/initialized" });
  return (await ask(open, CALL_MS, "tools/call", { name, arguments: args })).result;
};

const REQUEST_ID = 1;

const ask = async (
  session: Session,
  totalMs: number,
  method: string,
  params: unknown,
): Promise<{ readonly result: ToolResult; readonly answer: HttpAnswer }> => {
  const answer = await send(session, totalMs, { jsonrpc: "2.0", id: REQUEST_ID, method, params });
  const message = responseIn(answer);
  if (isObject(message?.result)) return { result: message.result, answer };
  throw failed(`${method} was answered ${inWords(answer, message)}`);
};

/** @throws HomeError `GatewayFailed` for everything but a 2xx */
const send = async (session: Session, totalMs: number, message: object): Promise<HttpAnswer> => {
  let answer: HttpAnswer;
  try {
    answer = await httpPost({
      url: session.url,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        authorization: `Bearer ${session.token}`,
        ...(session.id === undefined ? {} : { "mcp-session-id": session.id }),
        ...(session.version === undefined ? {} : { "mcp-protocol-version": session.version }),
      },
      body: JSON.stringify(message),
      connectMs: CONNECT_MS,
      totalMs,
      isWholeStream: (text) => EVENT_OF_ANSWER.test(text),
    });
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw failed(`cannot be reached (${why})`, error);
  }
  if (answer.status === 401) throw new TokenRefused();
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw failed(`answered ${inWords(answer, responseIn(answer))}`);
};

const failed = (what: string, cause?: unknown): HomeError =>
  new HomeError("GatewayFailed", `The gateway: ${what}.`, { cause });

const EVENT_OF_ANSWER = /^data:.*"(?:result|error)".*\r?\n\r?\n/m;

/** The JSON-RPC response in an answer; `undefined` where there is none. */
const responseIn = ({
  headers,
  text,
}: HttpAnswer): Readonly<Record<string, unknown>> | undefined => {
  const isStream = String(headers["content-type"]).includes("text/event-stream");
  const texts = isStream
    ? [...text.matchAll(/^data: ?(.*)$/gm)].map(([, data = ""]) => data)
    : [text];
  for (const one of texts) {
    const message = parseJsonObject(one);
    if (message?.id === REQUEST_ID || message?.error !== undefined) return message;
  }
  return undefined;
};

// What a server says of its error is kept short, and repeats no token.
const inWords = (
  { status }: HttpAnswer,
  message: Readonly<Record<string, unknown>> | undefined,
): string => {
  const error = isObject(message?.error) ? message.error : undefined;
  return error === undefined
    ? `HTTP ${status}`
    : `HTTP ${status}, error ${String(error.code)}: ${String(error.message)
        .replace(/eyJ[\w.-]+/g, "…")
        .slice(0, 200)}`;
};
