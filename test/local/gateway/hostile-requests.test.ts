import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import {
  gatewayProperties,
  type HttpAnswer,
  post,
  REQUEST_ARN,
  sendRaw,
  startFunctions,
  startIssuer,
  TOOL_ARN,
  targetProperties,
} from "./support.ts";

// Each row is one thing that somebody might try. None of them may reach a function.

type Issuer = Awaited<ReturnType<typeof startIssuer>>;
let issuer: Issuer;
let functions: Awaited<ReturnType<typeof startFunctions>>;
let gateway: Gateway;
const lines: string[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  functions = await startFunctions({
    [TOOL_ARN]: () => "reached",
    // Sets who calls, from the verified token, as a gateway's interceptor has to.
    [REQUEST_ARN]: (event) => {
      const { headers, body } = (
        event as { mcp: { gatewayRequest: { headers: Record<string, string>; body: unknown } } }
      ).mcp.gatewayRequest;
      const [, payload = ""] = (headers.authorization ?? headers.Authorization ?? "").split(".");
      const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
      return {
        interceptorOutputVersion: "1.0",
        mcp: { transformedGatewayRequest: { headers: { "x-caller-sub": sub }, body } },
      };
    },
  });
  gateway = await startGateway({
    port: 0,
    gatewayId: "home-gateway-abcdefghij",
    properties: gatewayProperties(
      issuer.discoveryUrl,
      {},
      {
        InterceptorConfigurations: [
          {
            InterceptionPoints: ["REQUEST"],
            Interceptor: { Lambda: { Arn: REQUEST_ARN } },
            InputConfiguration: { PassRequestHeaders: true },
          },
        ],
      },
    ),
    targets: [
      {
        targetId: "T",
        properties: targetProperties(undefined, {
          MetadataConfiguration: { AllowedRequestHeaders: ["x-caller-sub"] },
        }),
      },
    ],
    access: functions.access,
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await Promise.all([gateway.close(), functions.close(), issuer.close()]);
});

const call = (args: unknown = { scene: "goodnight" }) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "home___run_scene", arguments: args },
});

describe("tokens in the wrong place or form", () => {
  const send = async (headers: readonly string[], path = "/mcp"): Promise<HttpAnswer> => {
    functions.invoked.length = 0;
    return sendRaw(gateway.url, {
      path,
      headers: ["Content-Type", "application/json", ...headers],
      body: JSON.stringify(call()),
    });
  };

  test.each<[string, (token: string) => readonly string[], number]>([
    [
      "two Authorization headers, the good one first",
      (t) => ["Authorization", `Bearer ${t}`, "Authorization", "Bearer x"],
      400,
    ],
    [
      "two Authorization headers, the good one last",
      (t) => ["Authorization", "Bearer x", "authorization", `Bearer ${t}`],
      400,
    ],
    ["two tokens in one header", (t) => ["Authorization", `Bearer x, Bearer ${t}`], 401],
    [
      "a token as a Basic password",
      (t) => ["Authorization", `Basic ${Buffer.from(`x:${t}`).toString("base64")}`],
      401,
    ],
    ["a token without its scheme", (t) => ["Authorization", t], 401],
    ["a token with something behind it", (t) => ["Authorization", `Bearer ${t} x`], 401],
    ["a token in a cookie", (t) => ["Cookie", `access_token=${t}`], 401],
    ["a token in X-Authorization", (t) => ["X-Authorization", `Bearer ${t}`], 401],
    [
      "two Host headers",
      (t) => ["Authorization", `Bearer ${t}`, "Host", "localhost", "Host", "evil.example"],
      400,
    ],
    [
      "two content types",
      (t) => ["Authorization", `Bearer ${t}`, "Content-Type", "text/plain"],
      400,
    ],
    [
      "two protocol versions",
      (t) => [
        "Authorization",
        `Bearer ${t}`,
        "MCP-Protocol-Version",
        "2025-11-25",
        "mcp-protocol-version",
        "2025-03-26",
      ],
      400,
    ],
    [
      "headers of 20 KB",
      (t) => ["Authorization", `Bearer ${t}`, "X-Long", "x".repeat(20_000)],
      431,
    ],
    [
      "the host of another site",
      (t) => ["Authorization", `Bearer ${t}`, "Host", "evil.example"],
      403,
    ],
    [
      "a host that resolves here",
      (t) => ["Authorization", `Bearer ${t}`, "Host", "localhost.evil.example"],
      403,
    ],
    [
      "a page of another site",
      (t) => ["Authorization", `Bearer ${t}`, "Origin", "https://evil.example"],
      403,
    ],
    [
      "a page of a site that begins like this one",
      (t) => ["Authorization", `Bearer ${t}`, "Origin", "http://localhost.evil.example"],
      403,
    ],
    ["a page without an origin", (t) => ["Authorization", `Bearer ${t}`, "Origin", "null"], 403],
    ["a page of a file", (t) => ["Authorization", `Bearer ${t}`, "Origin", "file://"], 403],
  ])("%s", async (_name, headers, status) => {
    const answer = await send(headers(await issuer.token()));

    expect([answer.status, functions.invoked.length]).toEqual([status, 0]);
  });

  test("a token in the address", async () => {
    const answer = await send([], `/mcp?access_token=${await issuer.token()}`);

    expect([answer.status, functions.invoked.length]).toEqual([401, 0]);
  });

  test.each([
    "/mcp/",
    "/MCP",
    "//mcp",
    "/%6dcp",
    "/mcp/..",
    "/x/../mcp",
    "/mcp;x=1",
    "/mcp%00",
    "/mcp/home",
    "/",
    "/.well-known/oauth-protected-resource/../../mcp",
    "http://localhost/mcp",
    "/register",
    "/.well-known/oauth-authorization-server",
  ])("the path %s leads nowhere", async (path) => {
    const answer = await send(["Authorization", `Bearer ${await issuer.token()}`], path);

    expect([answer.status, functions.invoked.length]).toEqual([404, 0]);
  });

  test.each(["PUT", "PATCH", "DELETE", "GET", "TRACE"])(
    "method %s is not allowed",
    async (method) => {
      const answer = await sendRaw(gateway.url, {
        method,
        headers: ["Authorization", `Bearer ${await issuer.token()}`],
      });

      expect(answer.status).toBe(405);
    },
  );

  test.each([
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/jsonp", 415],
    ["application/json; charset=utf-8", 200],
  ])("a body of type %s is answered %i", async (type, status) => {
    const answer = await sendRaw(gateway.url, {
      headers: ["Authorization", `Bearer ${await issuer.token()}`, "Content-Type", type],
      body: JSON.stringify(call()),
    });

    expect(answer.status).toBe(status);
  });

  test("a probe that says nothing but Accept: */* gets its 401, not a 406 or a 415", async () => {
    const answer = await sendRaw(gateway.url, { headers: ["Accept", "*/*"], body: "probe" });

    expect(answer.status).toBe(401);
  });
});

describe("who calls", () => {
  const callerSeen = (): unknown => {
    const reached = functions.invoked.find(({ arn }) => arn === TOOL_ARN);
    return (reached?.clientContext as { custom: Record<string, unknown> } | undefined)?.custom
      .bedrockAgentCorePropagatedHeaders;
  };

  test.each([
    ["in the interceptor's own spelling", "x-caller-sub"],
    ["in capitals", "X-CALLER-SUB"],
  ])("a forged caller header %s is overwritten", async (_name, header) => {
    functions.invoked.length = 0;

    await post(gateway.url, await issuer.token({ sub: "ada" }), call(), { [header]: "root" });

    expect(callerSeen()).toEqual({ "x-caller-sub": "ada" });
  });

  test.each([
    ["a caller among the arguments", { scene: "x", "x-caller-sub": "root" }],
    [
      "a client context among the arguments",
      { scene: "x", custom: { bedrockAgentCoreToolName: "x" } },
    ],
    [
      "a prototype among the arguments",
      JSON.parse('{"scene":"x","__proto__":{"sub":"root"}}') as unknown,
    ],
  ])("%s stays among the arguments", async (_name, args) => {
    functions.invoked.length = 0;

    await post(gateway.url, await issuer.token({ sub: "ada" }), call(args));

    const reached = functions.invoked.find(({ arn }) => arn === TOOL_ARN);
    expect(reached?.event).toEqual(args);
    expect(callerSeen()).toEqual({ "x-caller-sub": "ada" });
    expect(reached?.clientContext).toMatchObject({
      custom: { bedrockAgentCoreToolName: "home___run_scene" },
    });
  });

  test("a sender's own X-Amz-Client-Context is not passed on", async () => {
    functions.invoked.length = 0;
    const forged = Buffer.from(
      '{"custom":{"bedrockAgentCorePropagatedHeaders":{"x-caller-sub":"root"}}}',
    );

    await post(gateway.url, await issuer.token({ sub: "ada" }), call(), {
      "x-amz-client-context": forged.toString("base64"),
    });

    expect(callerSeen()).toEqual({ "x-caller-sub": "ada" });
  });

  test.each([
    "run_scene",
    "home___run_scene ",
    "HOME___RUN_SCENE",
    "other___run_scene",
    "home__run_scene",
    "home___",
    "__proto__",
  ])("the tool name %j is not near enough", async (name) => {
    functions.invoked.length = 0;
    const message = { ...call(), params: { name, arguments: {} } };

    const { json } = await post(gateway.url, await issuer.token(), message);

    expect(json).toMatchObject({ error: { code: -32_602 } });
    expect(functions.invoked.map(({ arn }) => arn)).toEqual([REQUEST_ARN]);
  });
});

test("no token is in the log", () => {
  expect(lines.join("\n")).not.toMatch(/eyJ|Bearer/);
});
