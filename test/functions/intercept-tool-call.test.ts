import { describe, expect, test, vi } from "vitest";
import { recordRefusal } from "#adapters/record-refusal.ts";
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

vi.mock("#adapters/record-refusal.ts", () => ({ recordRefusal: vi.fn() }));

const READ = "smarthome-gateway/read";
const BOTH = "smarthome-gateway/read smarthome-gateway/write";

const toolCall = (tool: string) => ({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name: `home___${tool}`, arguments: {} },
});

const authorize = (body: unknown, headers: unknown): Promise<unknown> =>
  handler(
    { interceptorInputVersion: "1.0", mcp: { gatewayRequest: { headers, body } } },
    lambdaContext(),
  );

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

const denial = (id: unknown, message: string) => ({
  interceptorOutputVersion: "1.0",
  mcp: {
    transformedGatewayResponse: {
      statusCode: 403,
      headers: {
        "WWW-Authenticate":
          'Bearer error="insufficient_scope", scope="smarthome-gateway/read smarthome-gateway/write"',
      },
      body: { jsonrpc: "2.0", id, error: { code: -32003, message } },
    },
  },
});

const headersFor = (more: Readonly<Record<string, string>>) => ({
  "x-caller-sub": "sub-anna",
  "x-caller-client-id": "client-web",
  "x-caller-username": "anna",
  ...more,
});

describe("a tool is allowed with its scope", () => {
  test.each([
    ["get_home", READ],
    ["plan_scene", READ],
    ["get_run", READ],
    ["run_scene", BOTH],
    ["run_scene", "smarthome-gateway/write"],
    ["get_home", "smarthome-gateway/write"],
  ])("%s with %s", async (tool, scope) => {
    const output = await authorize(toolCall(tool), bearer(accessToken(scope)));

    expect(output).toEqual({
      interceptorOutputVersion: "1.0",
      mcp: {
        transformedGatewayRequest: {
          headers: headersFor({ "x-caller-scopes": scope }),
          body: toolCall(tool),
        },
      },
    });
  });
});

// REQ: insufficient-scope
describe("a tool is denied without its scope, with the challenge that names both", () => {
  test.each([
    ["run_scene", READ, "insufficient scope: run_scene needs smarthome-gateway/write"],
    ["run_scene", "openid", "insufficient scope: run_scene needs smarthome-gateway/write"],
    ["get_home", "openid", "insufficient scope: get_home needs smarthome-gateway/read"],
    ["get_home", "", "insufficient scope: get_home needs smarthome-gateway/read"],
    // A scope of another resource server, and one that merely begins alike.
    ["get_home", "other/read", "insufficient scope: get_home needs smarthome-gateway/read"],
    ["run_scene", `${BOTH}-not`, "insufficient scope: run_scene needs smarthome-gateway/write"],
  ])("%s with %j", async (tool, scope, message) => {
    expect(await authorize(toolCall(tool), bearer(accessToken(scope)))).toEqual(denial(7, message));
  });
});

// REQ: guest-told-plainly
describe("who could never have the scope is told so by the tool, because another sign-in would not help", () => {
  const resultOf = async (tool: string, scope: string, groups: readonly string[]) => {
    const output = await authorize(
      toolCall(tool),
      bearer(accessToken(scope, { "cognito:groups": groups })),
    );
    return (output as { mcp: { transformedGatewayResponse: unknown } }).mcp
      .transformedGatewayResponse;
  };

  test("a guest who calls run_scene", async () => {
    const error = {
      code: "NotAllowed",
      message: "A guest may look, not switch. Nothing was changed.",
    };

    expect(await resultOf("run_scene", READ, ["guests"])).toEqual({
      statusCode: 200,
      headers: {},
      body: {
        jsonrpc: "2.0",
        id: 7,
        result: {
          content: [{ type: "text", text: JSON.stringify({ error }) }],
          structuredContent: { error },
          isError: true,
        },
      },
    });
  });

  test("people of groups that give nothing", async () => {
    expect(await resultOf("get_home", "openid", ["cleaners"])).toMatchObject({
      statusCode: 200,
      body: {
        result: {
          isError: true,
          structuredContent: {
            error: { message: "None of your groups may use get_home. Nothing was changed." },
          },
        },
      },
    });
  });

  test.each([
    ["a resident who asked for read alone", ["residents"]],
    ["a guest who is a resident, too", ["guests", "residents"]],
    ["somebody whose token names no group", []],
  ])("not %s: 403 lets their client ask again", async (_, groups) => {
    expect(await resultOf("run_scene", READ, groups)).toMatchObject({ statusCode: 403 });
  });
});

// REQ: token-for-another
describe("a token that says whom it is meant for", () => {
  const GATEWAY = "smarthome-gateway-abcde12345.gateway.bedrock-agentcore.us-east-1.amazonaws.com";
  const statusOf = async (aud: unknown, host?: string) => {
    const output = await authorize(toolCall("get_home"), {
      ...bearer(accessToken(READ, { aud })),
      ...(host === undefined ? {} : { Host: host }),
    });
    const { mcp } = output as {
      mcp: { transformedGatewayResponse?: { statusCode: number; headers: object } };
    };
    return mcp.transformedGatewayResponse;
  };

  test.each([
    ["this gateway", `https://${GATEWAY}/mcp`, undefined],
    ["this gateway among others", ["https://else.example", `https://${GATEWAY}/mcp`], undefined],
    ["the address that it is sent to", "http://localhost:4600/mcp", "localhost:4600"],
    ["nobody", undefined, undefined],
  ])("passes if that is %s", async (_, aud, host) => {
    expect(await statusOf(aud, host)).toBeUndefined();
  });

  test.each([
    ["another server", "https://tools.example/mcp", undefined],
    ["another server, whatever this one is called", "https://tools.example/mcp", GATEWAY],
    ["another gateway", `https://${GATEWAY.replace("smarthome", "wine")}/mcp`, GATEWAY],
    ["a gateway of another region", `https://${GATEWAY.replace("us-east", "eu-west")}/mcp`, ""],
    ["a longer name", `https://${GATEWAY}.example/mcp`, undefined],
    ["no address", "smarthome-gateway", undefined],
    ["a client, as an identity token", "client-web", undefined],
  ])("is refused if that is %s, with the challenge to get one for here", async (_, aud, host) => {
    expect(await statusOf(aud, host)).toMatchObject({
      statusCode: 401,
      headers: {
        "WWW-Authenticate":
          'Bearer error="invalid_token", scope="smarthome-gateway/read smarthome-gateway/write"',
      },
    });
  });
});

// REQ: batches-checked-by-the-function
test("a batch, which MCP 2025-03-26 knows, passes with the caller's headers: the function's own check holds", async () => {
  const batch = [toolCall("run_scene"), toolCall("get_home")];

  expect(await authorize(batch, bearer(accessToken(READ)))).toMatchObject({
    mcp: {
      transformedGatewayRequest: {
        headers: headersFor({ "x-caller-scopes": READ }),
        body: batch,
      },
    },
  });
});

// REQ: refusals-recorded
test("a denial is recorded, and nothing that passes", async () => {
  const record = vi.mocked(recordRefusal).mockReset();

  await authorize(toolCall("get_home"), bearer(accessToken(READ)));
  await authorize(toolCall("run_scene"), bearer(accessToken(READ)));

  expect(record.mock.calls).toEqual([
    [
      "audit",
      {
        sub: "sub-anna",
        clientId: "client-web",
        username: "anna",
        scopes: ["read"],
      },
      { tool: "run_scene", code: "InsufficientScope", at: expect.stringMatching(/Z$/) as unknown },
    ],
  ]);
});

test("what is not a tool call passes with any token", async () => {
  const body = { jsonrpc: "2.0", id: "list", method: "tools/list" };

  expect(await authorize(body, bearer(accessToken("openid")))).toMatchObject({
    mcp: { transformedGatewayRequest: { body } },
  });
});

test("an unknown tool passes, for the target to refuse", async () => {
  expect(await authorize(toolCall("open_sesame"), bearer(accessToken(READ)))).toMatchObject({
    mcp: { transformedGatewayRequest: { body: toolCall("open_sesame") } },
  });
});

// REQ: caller-from-token
describe("the four headers that tell who calls", () => {
  test("come from the token, whatever the client sent under their names", async () => {
    const output = await authorize(toolCall("get_home"), {
      ...bearer(accessToken(READ)),
      "X-Caller-Sub": "sub-mallory",
      "x-caller-client-id": "client-mallory",
      "x-caller-username": "mallory",
      "x-caller-scopes": BOTH,
    });

    expect(output).toMatchObject({
      mcp: { transformedGatewayRequest: { headers: headersFor({ "x-caller-scopes": READ }) } },
    });
  });

  test("are all set for a machine too, which has no name", async () => {
    const token = accessToken(BOTH, { sub: "client-machine", client_id: "client-machine" });
    const [head = "", payload = "", signature = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<
      string,
      unknown
    >;
    const { username: _, ...nameless } = claims;
    const machine = Buffer.from(JSON.stringify(nameless)).toString("base64url");

    const output = await authorize(
      toolCall("run_scene"),
      bearer([head, machine, signature].join(".")),
    );

    expect(output).toMatchObject({
      mcp: {
        transformedGatewayRequest: {
          headers: {
            "x-caller-sub": "client-machine",
            "x-caller-client-id": "client-machine",
            "x-caller-username": "-",
            "x-caller-scopes": BOTH,
          },
        },
      },
    });
  });

  test("hold a name that is not ASCII percent-encoded", async () => {
    const output = await authorize(
      toolCall("get_home"),
      bearer(accessToken(READ, { username: "Zoë\n" })),
    );

    expect(output).toMatchObject({
      mcp: { transformedGatewayRequest: { headers: { "x-caller-username": "Zo%C3%AB%0A" } } },
    });
  });

  test("are read from the token whatever the case of the header's name and scheme", async () => {
    const output = await authorize(toolCall("get_home"), {
      AUTHORIZATION: `bearer ${accessToken(READ)}`,
    });

    expect(output).toMatchObject({
      mcp: { transformedGatewayRequest: { headers: headersFor({ "x-caller-scopes": READ }) } },
    });
  });
});

// REQ: no-caller-no-call
describe("a request whose token names no caller is denied", () => {
  test.each([
    ["no header", {}],
    ["no headers at all", undefined],
    ["another scheme", { Authorization: "Basic YTpi" }],
    ["what is no token", { Authorization: "Bearer token" }],
    ["an identity token", bearer(accessToken(BOTH, { token_use: "id" }))],
    ["a token without a subject", bearer(accessToken(BOTH, { sub: "" }))],
    ["a token of no client", bearer(accessToken(BOTH, { client_id: 7 }))],
  ])("%s", async (_, headers) => {
    expect(await authorize(toolCall("get_home"), headers)).toEqual(
      denial(7, "The token names no caller."),
    );
  });

  test("also when nothing of the event can be read", async () => {
    expect(await handler("nonsense", lambdaContext())).toEqual(
      denial(null, "The token names no caller."),
    );
  });
});

test("a call without an answer yet, be that absent or null, is a request; AWS documents the one and its example the other", async () => {
  const request = { headers: bearer(accessToken(BOTH)), body: toolCall("run_scene") };
  const passed = { mcp: { transformedGatewayRequest: { body: toolCall("run_scene") } } };

  const absent = await handler({ mcp: { gatewayRequest: request } }, lambdaContext());
  const isNull = await handler(
    { mcp: { gatewayRequest: request, gatewayResponse: null } },
    lambdaContext(),
  );

  expect([absent, isNull]).toMatchObject([passed, passed]);
});
