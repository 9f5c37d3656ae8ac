import { describe, expect, test, vi } from "vitest";
import { handler } from "../../functions/intercept-tool-call/handler.ts";
import { accessToken } from "./access-token.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("GATEWAY_NAME", "smarthome-gateway");
  vi.stubEnv("AWS_REGION", "us-east-1");
});

const READ = "smarthome-gateway/read";
const BOTH = "smarthome-gateway/read smarthome-gateway/write";

/** The body that a client gets for what the target answered. */
const shape = async (
  method: string,
  body: unknown,
  {
    scope = BOTH,
    statusCode = 200,
    headers,
  }: {
    scope?: string | undefined;
    statusCode?: unknown;
    headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<unknown> => {
  const output = await handler(
    {
      interceptorInputVersion: "1.0",
      mcp: {
        gatewayRequest: {
          headers: { authorization: `Bearer ${accessToken(scope)}` },
          body: { jsonrpc: "2.0", id: 7, method },
        },
        gatewayResponse: { statusCode, body, ...(headers === undefined ? {} : { headers }) },
      },
    },
    lambdaContext(),
  );
  return (output as { mcp: { transformedGatewayResponse: unknown } }).mcp
    .transformedGatewayResponse;
};

const JSON_TYPE = { "Content-Type": "application/json" };

const listed = (name: string) => ({
  name: `home___${name}`,
  description: `what ${name} does`,
  inputSchema: { type: "object" },
});
const LIST = {
  jsonrpc: "2.0",
  id: 7,
  result: {
    tools: ["get_home", "plan_scene", "run_scene", "get_run"].map(listed),
    nextCursor: "more",
  },
};

const toolsOf = (response: unknown): readonly { readonly name: string }[] =>
  (response as { body: { result: { tools: readonly { readonly name: string }[] } } }).body.result
    .tools;

// REQ: tools-by-scope
describe("tools/list shows a caller the tools that the token allows", () => {
  test.each([
    [
      "both scopes",
      BOTH,
      ["home___get_home", "home___plan_scene", "home___run_scene", "home___get_run"],
    ],
    ["read", READ, ["home___get_home", "home___plan_scene", "home___get_run"]],
    ["neither", "openid", []],
  ])("%s", async (_, scope, names) => {
    const tools = toolsOf(await shape("tools/list", LIST, { scope }));

    expect(tools.map((tool) => tool.name)).toEqual(names);
  });

  test("and none that it does not know", async () => {
    const body = { ...LIST, result: { tools: [listed("open_sesame"), "nonsense"] } };

    expect(toolsOf(await shape("tools/list", body))).toEqual([]);
  });

  test("and none to a caller without a token", async () => {
    const event = {
      mcp: {
        gatewayRequest: { headers: {}, body: { method: "tools/list" } },
        gatewayResponse: { statusCode: 200, body: LIST },
      },
    };

    expect(await handler(event, lambdaContext())).toMatchObject({
      mcp: { transformedGatewayResponse: { body: { result: { tools: [] } } } },
    });
  });
});

test("tools/list has the title and the hints that a Lambda target cannot declare, and keeps the rest", async () => {
  const response = await shape("tools/list", LIST);

  expect(response).toMatchObject({
    statusCode: 200,
    body: { jsonrpc: "2.0", id: 7, result: { nextCursor: "more" } },
  });
  expect(toolsOf(response)[2]).toEqual({
    name: "home___run_scene",
    description: "what run_scene does",
    inputSchema: { type: "object" },
    title: "Run a scene",
    annotations: {
      title: "Run a scene",
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: false,
    },
  });
  expect(toolsOf(response)[0]).toMatchObject({
    annotations: { title: "Show the home", readOnlyHint: true, destructiveHint: false },
  });
});

const called = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
  jsonrpc: "2.0",
  id: 7,
  result: { content: [{ type: "text", text }], ...more },
});

describe("tools/call", () => {
  // REQ: structured-results
  test("has a result beside its text also as an object", async () => {
    const response = await shape("tools/call", called('{"result":"done"}', { isError: false }));

    expect(response).toEqual({
      statusCode: 200,
      headers: JSON_TYPE,
      body: {
        jsonrpc: "2.0",
        id: 7,
        result: {
          content: [{ type: "text", text: '{"result":"done"}' }],
          structuredContent: { result: "done" },
          isError: false,
        },
      },
    });
  });

  test("marks a refusal as an error", async () => {
    const text = '{"error":{"code":"SceneUnknown","message":"No such scene."}}';

    expect(await shape("tools/call", called(text, { isError: false }))).toMatchObject({
      body: {
        result: {
          isError: true,
          structuredContent: { error: { code: "SceneUnknown", message: "No such scene." } },
        },
      },
    });
  });

  // REQ: busy-told
  test("says what to do where the gateway says only that something failed", async () => {
    const text = "An internal error occurred. Please retry later.";

    expect(await shape("tools/call", called(text, { isError: true }))).toMatchObject({
      body: {
        result: {
          isError: true,
          structuredContent: {
            error: {
              code: "NoAnswer",
              message: expect.stringContaining("call again with the same request_id") as unknown,
            },
          },
        },
      },
    });
  });

  test.each([
    ["a text that is not JSON", called("The gateway is sorry.")],
    ["a list", called("[1]")],
    ["an error of the gateway", called('{"result":"done"}', { isError: true })],
    ["a picture", { result: { content: [{ type: "image", data: "" }] } }],
    ["nothing", { result: { content: [] } }],
    ["a JSON-RPC error", { jsonrpc: "2.0", id: 7, error: { code: -32602, message: "no" } }],
  ])("leaves %s alone", async (_, body) => {
    expect(await shape("tools/call", body)).toEqual({ statusCode: 200, headers: JSON_TYPE, body });
  });
});

test.each([
  ["initialize", { result: { protocolVersion: "2025-11-25" } }],
  ["ping", { result: {} }],
  ["resources/list", { result: { tools: [{ name: "home___run_scene" }] } }],
  ["tools/list", { result: { tools: "nonsense" } }],
])("the body of %s: %j is left alone", async (method, body) => {
  expect(await shape(method, body, { scope: "openid" })).toEqual({
    statusCode: 200,
    headers: JSON_TYPE,
    body,
  });
});

test("an answer without a body stays without one, and without a type", async () => {
  expect(await shape("tools/list", null, { scope: "openid" })).toEqual({
    statusCode: 200,
    headers: {},
    body: null,
  });
});

// REQ: response-headers-returned
test("the headers that came in go back out, because what is left out is lost", async () => {
  const headers = { "content-type": "application/json; charset=utf-8", "Mcp-Session-Id": "s-1" };

  expect(await shape("ping", { result: {} }, { headers })).toMatchObject({ headers });
});

// REQ: denial-built-again
test("a denial whose body was lost on the way is built again, with its challenge", async () => {
  const output = await handler(
    {
      mcp: {
        gatewayRequest: {
          headers: { authorization: `Bearer ${accessToken(READ)}` },
          body: {
            jsonrpc: "2.0",
            id: 7,
            method: "tools/call",
            params: { name: "home___run_scene" },
          },
        },
        gatewayResponse: { statusCode: 403, headers: { "mcp-session-id": "s-1" }, body: null },
      },
    },
    lambdaContext(),
  );

  expect(output).toMatchObject({
    mcp: {
      transformedGatewayResponse: {
        statusCode: 403,
        headers: {
          "mcp-session-id": "s-1",
          "WWW-Authenticate":
            'Bearer error="insufficient_scope", scope="smarthome-gateway/read smarthome-gateway/write"',
          "Content-Type": "application/json",
        },
        body: {
          jsonrpc: "2.0",
          id: 7,
          error: {
            code: -32003,
            message: "insufficient scope: run_scene needs smarthome-gateway/write",
          },
        },
      },
    },
  });
});

test("what it hands back has the version that the gateway asks for", async () => {
  expect(await handler({}, lambdaContext())).toMatchObject({ interceptorOutputVersion: "1.0" });
});

test("the status stays what it was, and is 200 where there was none", async () => {
  expect(await shape("ping", {}, { statusCode: 202 })).toMatchObject({ statusCode: 202, body: {} });
  expect(await shape("ping", {}, { statusCode: null })).toMatchObject({
    statusCode: 200,
    body: {},
  });
});
