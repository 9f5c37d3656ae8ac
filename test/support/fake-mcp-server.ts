import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An MCP server and its sign-in server in one, each answer of which a test can spoil. */
export interface FakeServer {
  readonly origin: string;
  /** Every request that came, as text. */
  readonly heard: readonly { readonly path: string; readonly text: string }[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the server is like; the answers are for the address that it has. */
export interface FakeSettings {
  /** To a request without a token. */
  readonly unauthorized: Answer;
  /** By path; `undefined` is 404. */
  readonly documents: Readonly<Record<string, unknown>>;
  readonly clients: Readonly<
    Record<
      string,
      {
        readonly secret?: string;
        readonly callbacks: readonly string[];
        readonly scopes: readonly string[];
        readonly isMachine?: boolean;
      }
    >
  >;
  /** What a token says beside iss, scope and its times. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What is answered to a token, in place of letting it in. */
  readonly refusal?: Answer;
  readonly tools: readonly string[];
  /** How far the clock of the MCP server is ahead. */
  readonly clockAheadMs: number;
  readonly isEventStream: boolean;
}

const WEB_SCOPES = ["tool/read", "tool/write"];

/** A server with which nothing is wrong. */
export const healthySettings = (origin: string): FakeSettings => ({
  unauthorized: {
    status: 401,
    headers: {
      "www-authenticate": `Bearer error="invalid_token", scope="tool/read tool/write", resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
    },
  },
  documents: {
    "/.well-known/oauth-protected-resource": {
      resource: `${origin}/mcp`,
      authorization_servers: [`${origin}/as`],
      scopes_supported: WEB_SCOPES,
    },
    "/.well-known/oauth-authorization-server/as": {
      issuer: `${origin}/as`,
      authorization_endpoint: `${origin}/as/authorize`,
      token_endpoint: `${origin}/as/token`,
      scopes_supported: ["openid", "email"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["client_secret_post"],
    },
  },
  clients: {
    web: {
      secret: "web-secret-of-the-test",
      callbacks: [
        "https://claude.ai/api/mcp/auth_callback",
        "https://claude.com/api/mcp/auth_callback",
      ],
      scopes: WEB_SCOPES,
    },
    machine: {
      secret: "machine+secret/of the test",
      callbacks: [],
      scopes: WEB_SCOPES,
      isMachine: true,
    },
  },
  claims: {},
  tools: ["read_it", "write_it"],
  clockAheadMs: 0,
  isEventStream: false,
});

/** Starts it on a free port. */
export const startFakeServer = async (
  spoil: (healthy: FakeSettings, origin: string) => Partial<FakeSettings> = () => ({}),
  host = "127.0.0.1",
): Promise<FakeServer> => {
  const heard: { path: string; text: string }[] = [];
  let settings: FakeSettings | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    void textOf(request).then((body) => {
      heard.push({
        path: url.pathname,
        text: `${request.url} ${JSON.stringify(request.headers)} ${body}`,
      });
      if (settings !== undefined) write(response, answerTo(settings, request, url, body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  const healthy = healthySettings(origin);
  settings = { ...healthy, ...spoil(healthy, origin) };
  return {
    origin,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
};

const write = (response: ServerResponse, { status, headers = {}, body }: Answer): void => {
  response.writeHead(status, {
    ...(typeof body === "string" ? {} : { "content-type": "application/json" }),
    ...headers,
  });
  response.end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
};

const answerTo = (
  settings: FakeSettings,
  request: IncomingMessage,
  url: URL,
  body: string,
): Answer => {
  if (url.pathname === "/as/authorize") return authorize(settings, url.searchParams);
  if (url.pathname === "/as/token") return token(settings, new URLSearchParams(body), request);
  if (url.pathname === "/mcp") {
    const answer = mcp(settings, request, body);
    const date = new Date(Date.now() + settings.clockAheadMs).toUTCString();
    return { ...answer, headers: { date, ...answer.headers } };
  }
  const document = settings.documents[url.pathname];
  return document === undefined ? { status: 404 } : { status: 200, body: document };
};

const mcp = (settings: FakeSettings, request: IncomingMessage, body: string): Answer => {
  if (request.headers.authorization === undefined) return settings.unauthorized;
  if (settings.refusal !== undefined) return settings.refusal;
  const { id, method } = JSON.parse(body) as { id?: number; method: string };
  if (id === undefined) return { status: 202, body: "" };
  const result =
    method === "initialize"
      ? { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: {} }
      : { tools: settings.tools.map((name) => ({ name })) };
  const message = { jsonrpc: "2.0", id, result };
  return settings.isEventStream
    ? {
        status: 200,
        headers: { "content-type": "text/event-stream" },
        body: `event: message\ndata: ${JSON.stringify(message)}\n\n`,
      }
    : { status: 200, body: message };
};

// As Cognito does it: what is wrong with client or callback is told on a page, what is wrong with the scope at the callback.
const authorize = ({ clients }: FakeSettings, query: URLSearchParams): Answer => {
  const to = (location: string): Answer => ({ status: 302, headers: { location } });
  const client = clients[query.get("client_id") ?? ""];
  const callback = query.get("redirect_uri") ?? "";
  if (client === undefined) return to("/error?error=Invalid+client+id");
  if (!client.callbacks.includes(callback)) return to("/error?error=redirect_mismatch");
  const asked = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  if (!asked.every((scope) => client.scopes.includes(scope))) {
    return to(`${callback}?error_description=invalid_scope&state=x&error=invalid_request`);
  }
  return callback.startsWith("http://")
    ? to(`${callback}?code=code-of-the-test&state=${query.get("state")}`)
    : to("/login");
};

const token = (settings: FakeSettings, form: URLSearchParams, request: IncomingMessage): Answer => {
  const refuse = (error: string): Answer => ({ status: 400, body: { error } });
  const clientId = form.get("client_id") ?? "";
  const client = settings.clients[clientId];
  if (client === undefined || (form.get("client_secret") ?? undefined) !== client.secret) {
    return refuse("invalid_client");
  }
  const isMachine = form.get("grant_type") === "client_credentials";
  if (isMachine && client.isMachine !== true) return refuse("unauthorized_client");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `http://${request.headers.host}/as`,
    client_id: clientId,
    scope: client.scopes.join(" "),
    iat: now,
    exp: now + 3600,
    ...settings.claims,
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    status: 200,
    body: {
      access_token: `${part({ alg: "none" })}.${part(claims)}.signature-of-the-test`,
      refresh_token: "refresh-token-of-the-test",
      token_type: "Bearer",
    },
  };
};
