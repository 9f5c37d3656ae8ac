import { afterEach, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import {
  gatewayProperties,
  post,
  REQUEST_ARN,
  RESPONSE_ARN,
  startFunctions,
  startIssuer,
  TOOL_ARN,
  targetProperties,
} from "./support.ts";

type Handler = Parameters<typeof startFunctions>[0][string];

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const interceptor = (point: string, arn: string, input?: unknown) => ({
  InterceptionPoints: [point],
  Interceptor: { Lambda: { Arn: arn } },
  ...(input === undefined ? {} : { InputConfiguration: input }),
});

const start = async (
  handlers: { readonly request?: Handler; readonly response?: Handler },
  options: { readonly allowed?: readonly string[]; readonly input?: unknown } = {},
) => {
  const issuer = await startIssuer();
  open.push(issuer);
  const functions = await startFunctions({
    [TOOL_ARN]: (event) => ({ got: event }),
    ...(handlers.request === undefined ? {} : { [REQUEST_ARN]: handlers.request }),
    ...(handlers.response === undefined ? {} : { [RESPONSE_ARN]: handlers.response }),
  });
  open.push(functions);
  const input = options.input ?? { PassRequestHeaders: true };
  const gateway: Gateway = await startGateway({
    port: 0,
    gatewayId: "home-gateway-abcdefghij",
    properties: gatewayProperties(
      issuer.discoveryUrl,
      {},
      {
        InterceptorConfigurations: [
          ...(handlers.request === undefined ? [] : [interceptor("REQUEST", REQUEST_ARN, input)]),
          ...(handlers.response === undefined
            ? []
            : [interceptor("RESPONSE", RESPONSE_ARN, input)]),
        ],
      },
    ),
    targets: [
      {
        targetId: "TARGETID01",
        properties: targetProperties(undefined, {
          MetadataConfiguration: {
            AllowedRequestHeaders: options.allowed ?? ["x-caller-sub", "x-caller-scopes"],
          },
        }),
      },
    ],
    access: functions.access,
  });
  open.push(gateway);
  const token = await issuer.token();
  return {
    functions,
    token,
    send: (message: unknown, headers: Readonly<Record<string, string>> = {}) =>
      post(gateway.url, token, message, headers),
    /** What the tool was called with. */
    toolCalls: () => functions.invoked.filter(({ arn }) => arn === TOOL_ARN),
  };
};

const call = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "home___run_scene", arguments: { scene: "goodnight" } },
};

const passRequest =
  (headers: Readonly<Record<string, string>> = {}) =>
  (event: unknown) => ({
    interceptorOutputVersion: "1.0",
    mcp: {
      transformedGatewayRequest: {
        headers,
        body: (event as { mcp: { gatewayRequest: { body: unknown } } }).mcp.gatewayRequest.body,
      },
    },
  });

const respond = (transformedGatewayResponse: unknown) => () => ({
  interceptorOutputVersion: "1.0",
  mcp: { transformedGatewayResponse },
});

const propagated = (calls: readonly { clientContext: unknown }[]): unknown => {
  const context = calls[0]?.clientContext as { custom: Record<string, unknown> } | undefined;
  return context?.custom.bedrockAgentCorePropagatedHeaders;
};

describe("the REQUEST interceptor", () => {
  test("sees path, method, headers as they were written, the raw body and the parsed one", async () => {
    const { functions, send, token } = await start({ request: passRequest() });

    await send(call, { "X-Caller-Sub": "forged" });

    expect(functions.invoked[0]).toMatchObject({
      arn: REQUEST_ARN,
      event: {
        interceptorInputVersion: "1.0",
        mcp: {
          rawGatewayRequest: { body: JSON.stringify(call) },
          gatewayRequest: {
            path: "/mcp",
            httpMethod: "POST",
            headers: { authorization: `Bearer ${token}` },
            body: call,
          },
          gatewayResponse: null,
        },
      },
    });
  });

  test("sees no header unless PassRequestHeaders says so", async () => {
    const { functions, send } = await start(
      { request: passRequest() },
      { input: { PassRequestHeaders: false } },
    );

    await send(call);

    const event = functions.invoked[0]?.event as { mcp: { gatewayRequest: object } };
    expect(Object.keys(event.mcp.gatewayRequest)).toEqual(["path", "httpMethod", "body"]);
  });

  test("changes the arguments that the function gets", async () => {
    const { send, toolCalls } = await start({
      request: () => ({
        interceptorOutputVersion: "1.0",
        mcp: {
          transformedGatewayRequest: {
            body: { ...call, params: { ...call.params, arguments: { scene: "away" } } },
          },
        },
      }),
    });

    await send(call);

    expect(toolCalls()).toMatchObject([{ event: { scene: "away" } }]);
  });

  test("sets headers that the target may see, over what the client sent", async () => {
    const { send, toolCalls } = await start({
      request: passRequest({ "X-Caller-Sub": "ada", "x-caller-scopes": "read", "x-other": "1" }),
    });

    await send(call, { "x-caller-sub": "mallory", "x-other": "2" });

    expect(propagated(toolCalls())).toEqual({ "x-caller-sub": "ada", "x-caller-scopes": "read" });
  });

  test("lets a client's header through that it does not set: it has to set all that count", async () => {
    const { send, toolCalls } = await start({ request: passRequest({ "x-caller-sub": "ada" }) });

    await send(call, { "x-caller-scopes": "everything" });

    expect(propagated(toolCalls())).toEqual({
      "x-caller-sub": "ada",
      "x-caller-scopes": "everything",
    });
  });

  test("answers in the gateway's place, and the function is not called", async () => {
    const challenge = 'Bearer error="insufficient_scope", scope="home/write"';
    const body = { jsonrpc: "2.0", id: 1, error: { code: -32_003, message: "no" } };
    const { send, toolCalls } = await start({
      request: respond({ statusCode: 403, headers: { "WWW-Authenticate": challenge }, body }),
    });

    const answer = await send(call);

    expect([answer.status, answer.headers.get("www-authenticate"), answer.json]).toEqual([
      403,
      challenge,
      body,
    ]);
    expect(toolCalls()).toEqual([]);
  });

  test("is asked about initialize, tools/list and ping, not about notifications", async () => {
    const { functions, send } = await start({ request: passRequest() });

    await send({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25" },
    });
    await send({ jsonrpc: "2.0", method: "notifications/initialized" });
    await send({ jsonrpc: "2.0", id: 2, method: "tools/list" });
    await send({ jsonrpc: "2.0", id: 3, method: "ping" });

    expect(
      functions.invoked.map(
        ({ event }) =>
          (event as { mcp: { gatewayRequest: { body: { method: string } } } }).mcp.gatewayRequest
            .body.method,
      ),
    ).toEqual(["initialize", "tools/list", "ping"]);
  });

  test.each<[string, Handler]>([
    ["fails", () => Promise.reject(new Error("boom"))],
    ["returns nothing", () => null],
    ["returns another version", () => ({ interceptorOutputVersion: "2.0", mcp: {} })],
    ["returns neither request nor response", () => ({ interceptorOutputVersion: "1.0", mcp: {} })],
    [
      "returns a body that is no message",
      () => ({
        interceptorOutputVersion: "1.0",
        mcp: { transformedGatewayRequest: { body: { hello: "world" } } },
      }),
    ],
  ])("that %s lets nothing through", async (_what, request) => {
    const { send, toolCalls } = await start({ request });

    const answer = await send(call);

    expect(answer).toMatchObject({
      status: 500,
      json: {
        id: 1,
        error: { code: -32_603, message: "An internal error occurred. Please retry later." },
      },
    });
    expect(toolCalls()).toEqual([]);
  });

  test("that the role may not invoke is named, with status 400", async () => {
    const { functions, send, toolCalls } = await start({ request: passRequest() });
    functions.denied.add(REQUEST_ARN);

    const answer = await send(call);

    expect(answer).toMatchObject({
      status: 400,
      json: { error: { message: `Access denied while invoking Lambda function ${REQUEST_ARN}` } },
    });
    expect(toolCalls()).toEqual([]);
  });
});

describe("the RESPONSE interceptor", () => {
  test("sees the request and the answer, and rewrites what is listed", async () => {
    const { functions, send } = await start({
      response: (event) => {
        const { body, statusCode } = (
          event as {
            mcp: { gatewayResponse: { statusCode: number; body: { result: { tools: object[] } } } };
          }
        ).mcp.gatewayResponse;
        const tools = body.result.tools.slice(0, 1).map((tool) => ({
          ...tool,
          annotations: { readOnlyHint: true },
        }));
        return respond({ statusCode, body: { ...body, result: { tools } } })();
      },
    });

    const answer = await send({ jsonrpc: "2.0", id: 4, method: "tools/list" });

    expect(answer.json).toMatchObject({
      id: 4,
      result: { tools: [{ name: "home___run_scene", annotations: { readOnlyHint: true } }] },
    });
    expect(functions.invoked[0]).toMatchObject({
      arn: RESPONSE_ARN,
      event: {
        mcp: {
          gatewayRequest: { body: { method: "tools/list" } },
          gatewayResponse: { statusCode: 200, body: { id: 4 } },
        },
      },
    });
  });

  test("runs also when the REQUEST interceptor answered", async () => {
    const { send } = await start({
      request: respond({
        statusCode: 403,
        body: { jsonrpc: "2.0", id: 1, error: { code: 1, message: "no" } },
      }),
      response: respond({ statusCode: 403, headers: { "x-seen": "yes" }, body: { seen: true } }),
    });

    const answer = await send(call);

    expect([answer.status, answer.headers.get("x-seen"), answer.json]).toEqual([
      403,
      "yes",
      { seen: true },
    ]);
  });

  test("replaces headers and body: what it leaves out is lost, the type of the body too", async () => {
    const bodyOnly = await start({ response: respond({ statusCode: 200, body: { seen: true } }) });
    const nothing = await start({ response: respond({ statusCode: 200 }) });

    const kept = await bodyOnly.send({ jsonrpc: "2.0", id: 5, method: "ping" });
    const lost = await nothing.send({ jsonrpc: "2.0", id: 5, method: "ping" });

    expect([kept.headers.get("content-type"), kept.json]).toEqual([null, { seen: true }]);
    expect([lost.status, lost.json]).toEqual([200, undefined]);
  });

  test("is not told what the REQUEST interceptor answered, but the status and the headers", async () => {
    const { functions, send } = await start({
      request: respond({ statusCode: 403, headers: { "X-Why": "no" }, body: { error: "no" } }),
      response: respond({ statusCode: 403, body: null }),
    });

    const answer = await send(call);

    expect(functions.invoked.at(-1)).toMatchObject({
      event: {
        mcp: { gatewayResponse: { statusCode: 403, headers: { "x-why": "no" }, body: null } },
      },
    });
    expect([answer.status, answer.json]).toEqual([403, undefined]);
  });

  test("without the body in its input gives the body back untouched", async () => {
    const { functions, send } = await start(
      { response: respond({ statusCode: 200, headers: { "x-seen": "yes" } }) },
      {
        input: {
          PassRequestHeaders: false,
          PayloadFilter: { Exclude: [{ Field: "RESPONSE_BODY" }] },
        },
      },
    );

    const answer = await send({ jsonrpc: "2.0", id: 5, method: "ping" });

    const event = functions.invoked[0]?.event as { mcp: { gatewayResponse: object } };
    expect(Object.keys(event.mcp.gatewayResponse)).toEqual(["statusCode", "headers"]);
    expect([answer.headers.get("x-seen"), answer.json]).toEqual([
      "yes",
      { jsonrpc: "2.0", id: 5, result: {} },
    ]);
  });

  test("that fails keeps the answer back", async () => {
    const { send } = await start({
      response: () => {
        throw new Error("boom");
      },
    });

    const answer = await send(call);

    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.json)).not.toContain("goodnight");
  });

  test("cannot break the line of a header", async () => {
    const { send } = await start({
      response: respond({
        statusCode: 200,
        headers: { "x-note": "a\r\nset-cookie: b=c", "content-length": "1" },
        body: {},
      }),
    });

    const answer = await send({ jsonrpc: "2.0", id: 5, method: "ping" });

    expect(answer.headers.get("x-note")).toBe("a set-cookie: b=c");
    expect(answer.headers.get("set-cookie")).toBeNull();
  });
});

test("without an interceptor no header of the client reaches the function", async () => {
  const { send, toolCalls } = await start({});

  await send(call, { "x-caller-sub": "mallory" });

  expect(propagated(toolCalls())).toBeUndefined();
});
