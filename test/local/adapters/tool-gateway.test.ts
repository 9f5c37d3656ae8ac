import { expect, onTestFinished, test } from "vitest";
import type { TokenCache } from "#adapters/token-cache.ts";
import { type ToolGateway, toolGateway } from "#adapters/tool-gateway.ts";
import { type Answer, type Heard, startScriptedServer } from "../../support/scripted-server.ts";

const TOKEN = "eyJfirst.token.of-the-test";

/** Tokens one after the other, as they are refused. */
const tokens = (): TokenCache & { readonly forgotten: readonly string[] } => {
  const forgotten: string[] = [];
  return {
    forgotten,
    get: () => Promise.resolve(forgotten.length === 0 ? TOKEN : `second-${forgotten.length}`),
    forget: (token) => {
      forgotten.push(token);
    },
  };
};

const methodOf = ({ body }: Heard): string => (JSON.parse(body) as { method: string }).method;

const result = (value: unknown): Answer => ({
  status: 200,
  body: { jsonrpc: "2.0", id: 1, result: value },
});

const HELLO = result({ protocolVersion: "2025-11-25", capabilities: {}, serverInfo: {} });
const DONE = { structuredContent: { run_id: "run_1", result: "done" } };

const healthy = (heard: Heard): Answer => {
  const method = methodOf(heard);
  if (method === "initialize") return HELLO;
  return method === "tools/call" ? result(DONE) : { status: 202, body: "" };
};

const serve = async (answer: (heard: Heard, nth: number) => Answer | undefined = healthy) => {
  const server = await startScriptedServer(answer);
  onTestFinished(() => server.close());
  return server;
};

const run = (gateway: ToolGateway): Promise<unknown> =>
  gateway.callTool("home___run_scene", { scene: "goodnight" });

test("a tool is called after the handshake, with the token, both kinds of answer welcome and the version agreed", async () => {
  const server = await serve();

  const answer = await run(toolGateway(`${server.origin}/mcp`, tokens()));

  expect(answer).toEqual(DONE);
  expect(server.heard.map(methodOf)).toEqual([
    "initialize",
    "notifications/initialized",
    "tools/call",
  ]);
  expect(JSON.parse(server.heard[0]?.body ?? "")).toEqual({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "smarthome-scenes-schedules", version: "1" },
    },
  });
  expect(server.heard[2]?.headers).toMatchObject({
    authorization: `Bearer ${TOKEN}`,
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "mcp-protocol-version": "2025-11-25",
  });
  expect(JSON.parse(server.heard[2]?.body ?? "")).toMatchObject({
    params: { name: "home___run_scene", arguments: { scene: "goodnight" } },
  });
});

test("an event stream that stays open is answered at its first response", async () => {
  const server = await serve((heard) =>
    methodOf(heard) === "tools/call"
      ? {
          status: 200,
          headers: { "content-type": "text/event-stream" },
          staysOpen: true,
          body: [
            'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n',
            `event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", id: 1, result: DONE })}\n\n`,
          ].join(""),
        }
      : healthy(heard),
  );

  expect(await run(toolGateway(`${server.origin}/mcp`, tokens()))).toEqual(DONE);
});

test("a server that keeps sessions gets its session back", async () => {
  const server = await serve((heard) =>
    methodOf(heard) === "initialize"
      ? { ...HELLO, headers: { "mcp-session-id": "session-7" } }
      : healthy(heard),
  );

  await run(toolGateway(`${server.origin}/mcp`, tokens()));

  expect(server.heard.map(({ headers }) => headers["mcp-session-id"])).toEqual([
    undefined,
    "session-7",
    "session-7",
  ]);
});

test("a token that is refused is replaced once", async () => {
  const server = await serve((heard) =>
    heard.headers.authorization === `Bearer ${TOKEN}` ? { status: 401 } : healthy(heard),
  );
  const cache = tokens();

  expect(await run(toolGateway(`${server.origin}/mcp`, cache))).toEqual(DONE);
  expect(cache.forgotten).toEqual([TOKEN]);
});

test("a second token that is refused is an error", async () => {
  const server = await serve(() => ({ status: 401 }));

  await expect(run(toolGateway(`${server.origin}/mcp`, tokens()))).rejects.toMatchObject({
    code: "GatewayFailed",
    message: "The gateway refused the machine client's token (HTTP 401).",
  });
  expect(server.heard.length).toBe(2);
});

test.for<readonly [string, Answer, string]>([
  ["a refusal", { status: 403 }, "The gateway: answered HTTP 403."],
  [
    "too many requests",
    { status: 429, body: { jsonrpc: "2.0", id: 1, error: { code: -32003, message: "Slow down" } } },
    "The gateway: answered HTTP 429, error -32003: Slow down.",
  ],
  ["a server error", { status: 503, body: "<html>" }, "The gateway: answered HTTP 503."],
  ["a redirect", { status: 307, headers: { location: "/" } }, "The gateway: answered HTTP 307."],
  [
    "a page instead of JSON",
    { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
    "The gateway: initialize was answered HTTP 200.",
  ],
  [
    "an error that repeats the token",
    { status: 200, body: { id: 1, error: { code: -32603, message: `Bad ${TOKEN}` } } },
    "The gateway: initialize was answered HTTP 200, error -32603: Bad ….",
  ],
])("%s is an error that says so", async ([, answer, message]) => {
  const server = await serve(() => answer);

  await expect(run(toolGateway(`${server.origin}/mcp`, tokens()))).rejects.toMatchObject({
    code: "GatewayFailed",
    message,
  });
});

test("a gateway that is not there is an error", async () => {
  const server = await startScriptedServer(healthy);
  await server.close();

  await expect(run(toolGateway(`${server.origin}/mcp`, tokens()))).rejects.toMatchObject({
    code: "GatewayFailed",
    message: "The gateway: cannot be reached (ECONNREFUSED).",
  });
});
