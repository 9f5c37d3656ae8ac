import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import { createAdmission } from "#local/gateway/request/admission.ts";
import {
  gatewayProperties,
  post,
  startFunctions,
  startIssuer,
  TOOL_ARN,
  targetProperties,
} from "./support.ts";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let functions: Awaited<ReturnType<typeof startFunctions>>;
let gateway: Gateway;
let origin: string;

beforeAll(async () => {
  issuer = await startIssuer();
  functions = await startFunctions({
    [TOOL_ARN]: (event) => {
      if (JSON.stringify(event).includes("fail")) throw new Error("the table is missing");
      return { status: "done", statusCode: 200, body: "untouched" };
    },
  });
  gateway = await startGateway({
    port: 0,
    gatewayId: "home-gateway-abcdefghij",
    properties: gatewayProperties("https://cognito-idp.example/.well-known/openid-configuration"),
    targets: [{ targetId: "TARGETID01", properties: targetProperties() }],
    rewriteUrl: (url) => url.replace("https://cognito-idp.example", issuer.url),
    access: functions.access,
  });
  origin = gateway.url.slice(0, -"/mcp".length);
});

afterAll(async () => {
  await Promise.all([gateway.close(), functions.close(), issuer.close()]);
});

const call = (name: string, args: unknown, id: string | number = 7) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

describe("who may call", () => {
  // REQ: scopes-advertised
  test("no token is answered 401 with the challenge that AgentCore prints", async () => {
    const answer = await post(gateway.url, undefined, call("home___run_scene", {}));

    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer error="invalid_token", scope="home/read home/write", resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
    );
    expect(answer.json).toEqual({
      jsonrpc: "2.0",
      id: null,
      error: { code: -32_001, message: "Invalid Bearer token" },
    });
  });

  // REQ: clients-and-scopes
  test("a token without either scope is answered 403 insufficient_scope", async () => {
    const token = await issuer.token({ scope: "openid other/read" });

    const answer = await post(gateway.url, token, call("home___run_scene", {}));

    expect(answer.status).toBe(403);
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer error="insufficient_scope", scope="home/read home/write", resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
    );
    expect(functions.invoked).toEqual([]);
  });

  test("a token with one of the two scopes is enough", async () => {
    const token = await issuer.token({ scope: "home/read" });

    const answer = await post(gateway.url, token, { jsonrpc: "2.0", id: 1, method: "ping" });

    expect(answer).toMatchObject({ status: 200, json: { jsonrpc: "2.0", id: 1, result: {} } });
  });

  test.each(["", "/mcp"])("the metadata is served without a token (path form %j)", async (form) => {
    const response = await fetch(`${origin}/.well-known/oauth-protected-resource${form}`);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe(
      `{"authorization_servers":["${issuer.url}"],"resource":"${gateway.url}","scopes_supported":["home/read","home/write"]}`,
    );
  });

  test("without AllowedScopes neither the metadata nor the challenge names scopes", async () => {
    const bare = await startGateway({
      port: 0,
      gatewayId: "bare",
      properties: gatewayProperties(issuer.discoveryUrl, { AllowedScopes: undefined }),
      targets: [],
      access: functions.access,
    });

    const metadata = await fetch(bare.url.replace("/mcp", "/.well-known/oauth-protected-resource"));
    const answer = await post(bare.url, undefined, {});

    expect(Object.keys((await metadata.json()) as object)).toEqual([
      "authorization_servers",
      "resource",
    ]);
    expect(answer.headers.get("www-authenticate")).toMatch(
      /^Bearer error="invalid_token", resource_metadata="http/,
    );
    await bare.close();
  });

  test("discovery and keys are asked for once, however many tokens come", async () => {
    const before = issuer.asked.length;

    await Promise.all(
      Array.from({ length: 20 }, async () =>
        post(gateway.url, await issuer.token(), { jsonrpc: "2.0", id: 1, method: "ping" }),
      ),
    );

    expect(issuer.asked.length - before).toBeLessThanOrEqual(2);
  });
});

describe("calling tools", () => {
  test("initialize agrees on the client's version and makes no session", async () => {
    const token = await issuer.token();

    const answer = await post(gateway.url, token, {
      jsonrpc: "2.0",
      id: 0,
      method: "initialize",
      params: {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "t", version: "1" },
      },
    });

    expect(answer.json).toEqual({
      jsonrpc: "2.0",
      id: 0,
      result: {
        protocolVersion: "2025-06-18",
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: "agentcore-gateway", version: "1.0.0" },
      },
    });
    expect(answer.headers.get("mcp-session-id")).toBeNull();
  });

  test("tools/list shows each tool as <target>___<tool> with its schema in JSON Schema's words", async () => {
    const token = await issuer.token();

    const answer = await post(gateway.url, token, { jsonrpc: "2.0", id: 1, method: "tools/list" });

    expect(answer.json).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: {
        tools: ["run_scene", "get_home"].map((name) => ({
          name: `home___${name}`,
          description: `Does ${name}.`,
          inputSchema: {
            type: "object",
            properties: { scene: { type: "string", description: "A name" } },
            required: ["scene"],
          },
        })),
      },
    });
  });

  test("the function gets the arguments alone as its event, and the rest in the client context", async () => {
    const token = await issuer.token();
    functions.invoked.length = 0;

    const answer = await post(gateway.url, token, call("home___run_scene", { scene: "goodnight" }));

    expect(answer.json).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: {
        isError: false,
        content: [{ type: "text", text: '{"status":"done","statusCode":200,"body":"untouched"}' }],
      },
    });
    expect(functions.invoked).toEqual([
      {
        arn: TOOL_ARN,
        event: { scene: "goodnight" },
        clientContext: {
          custom: {
            bedrockAgentCoreMessageVersion: "1.0",
            bedrockAgentCoreAwsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
            bedrockAgentCoreMcpMessageId: "7",
            bedrockAgentCoreGatewayId: "home-gateway-abcdefghij",
            bedrockAgentCoreTargetId: "TARGETID01",
            bedrockAgentCoreToolName: "home___run_scene",
          },
        },
      },
    ]);
  });

  test("a function that fails is an internal error to the caller, without its reason", async () => {
    const token = await issuer.token();

    const answer = await post(gateway.url, token, call("home___run_scene", { scene: "fail" }));

    expect(answer.json).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: {
        isError: true,
        content: [{ type: "text", text: "An internal error occurred. Please retry later." }],
      },
    });
  });

  test("a role that may not invoke the function is an internal error too", async () => {
    const token = await issuer.token();
    functions.denied.add(TOOL_ARN);

    const answer = await post(gateway.url, token, call("home___run_scene", {}));

    functions.denied.clear();
    expect(answer.json).toMatchObject({
      result: {
        isError: true,
        content: [{ text: "An internal error occurred. Please retry later." }],
      },
    });
  });

  test("ExceptionLevel DEBUG tells the reason", async () => {
    const debug = await startGateway({
      port: 0,
      gatewayId: "debug",
      properties: gatewayProperties(issuer.discoveryUrl, {}, { ExceptionLevel: "DEBUG" }),
      targets: [{ targetId: "T", properties: targetProperties() }],
      access: functions.access,
    });
    functions.denied.add(TOOL_ARN);

    const answer = await post(debug.url, await issuer.token(), call("home___run_scene", {}));

    functions.denied.clear();
    await debug.close();
    expect(answer.json).toMatchObject({
      result: {
        isError: true,
        content: [{ text: `Access denied while invoking Lambda function ${TOOL_ARN}` }],
      },
    });
  });

  test("on a busy machine a call waits for the one before, however that ends; a ping does not", async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const seen: string[] = [];
    const gated = await startFunctions({
      [TOOL_ARN]: async (event) => {
        const { scene } = event as { readonly scene: string };
        seen.push(`${scene} begins`);
        await opened;
        seen.push(`${scene} ends`);
        throw new Error("the table is missing");
      },
    });
    const busy = await startGateway({
      port: 0,
      gatewayId: "busy",
      properties: gatewayProperties(issuer.discoveryUrl),
      targets: [{ targetId: "T", properties: targetProperties() }],
      access: gated.access,
      admission: createAdmission({ atOnce: 1, idleMs: () => 0 }),
    });
    const token = await issuer.token();
    const scenes = ["first", "second", "third"];
    const calls = scenes.map((scene) => post(busy.url, token, call("home___run_scene", { scene })));
    await expect.poll(() => seen).toHaveLength(1);

    const ping = await post(busy.url, token, { jsonrpc: "2.0", id: 1, method: "ping" });
    open();
    const answers = await Promise.all(calls);
    await Promise.all([busy.close(), gated.close()]);

    expect(ping.json).toMatchObject({ result: {} });
    expect(answers.map(({ json }) => json)).toMatchObject(
      scenes.map(() => ({ result: { isError: true } })),
    );
    const order = seen.map((line) => line.split(" ")[1]);
    expect(order).toEqual(["begins", "ends", "begins", "ends", "begins", "ends"]);
  });
});
