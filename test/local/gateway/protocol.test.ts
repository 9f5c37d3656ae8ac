import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "#local/gateway/gateway.ts";
import {
  gatewayProperties,
  post,
  sendRaw,
  startFunctions,
  startIssuer,
  TOOL_ARN,
  targetProperties,
} from "./support.ts";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let functions: Awaited<ReturnType<typeof startFunctions>>;
let gateway: Gateway;

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

describe("what MCP over HTTP asks for", () => {
  test.each([
    ["an unknown tool", call("home___nothing", {}), 200, -32_602],
    [
      "a call without a name",
      { jsonrpc: "2.0", id: 7, method: "tools/call", params: {} },
      200,
      -32_602,
    ],
    ["arguments that are a list", call("home___run_scene", []), 200, -32_602],
    ["an unknown method", { jsonrpc: "2.0", id: 7, method: "prompts/list" }, 200, -32_601],
    ["a batch", [{ jsonrpc: "2.0", id: 7, method: "ping" }], 400, -32_600],
    ["another JSON-RPC", { jsonrpc: "1.0", id: 7, method: "ping" }, 400, -32_600],
    ["a null id", { jsonrpc: "2.0", id: null, method: "ping" }, 400, -32_600],
    [
      "a bad cursor",
      { jsonrpc: "2.0", id: 7, method: "tools/list", params: { cursor: "x" } },
      200,
      -32_602,
    ],
  ])("%s is an error with its own code", async (_name, message, status, code) => {
    const answer = await post(gateway.url, await issuer.token(), message);

    expect(answer).toMatchObject({ status, json: { jsonrpc: "2.0", error: { code } } });
  });

  test("broken JSON is answered 400 with a parse error", async () => {
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await issuer.token()}`,
      },
      body: '{"jsonrpc":',
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ id: null, error: { code: -32_700 } });
  });

  test("a body over 6 MB is answered 413", async () => {
    const answer = await post(
      gateway.url,
      await issuer.token(),
      call("home___run_scene", { scene: "x".repeat(6 * 1024 * 1024) }),
    );

    expect(answer).toMatchObject({ status: 413, json: { error: { code: -32_600 } } });
  });

  test("a body over 6 MB that was not announced is answered 413 too", async () => {
    const answer = await sendRaw(gateway.url, {
      headers: [
        ...["Authorization", `Bearer ${await issuer.token()}`, "Content-Type", "application/json"],
        ...["Accept", "application/json, text/event-stream", "Transfer-Encoding", "chunked"],
      ],
      body: Buffer.alloc(6 * 1024 * 1024 + 1, "x"),
    });

    expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
  });

  test("notifications and responses are taken silently with 202", async () => {
    const token = await issuer.token();

    const answers = await Promise.all([
      post(gateway.url, token, { jsonrpc: "2.0", method: "notifications/initialized" }),
      post(gateway.url, token, { jsonrpc: "2.0", id: 3, result: {} }),
    ]);

    expect(answers.map(({ status, json }) => [status, json])).toEqual([
      [202, undefined],
      [202, undefined],
    ]);
  });

  test("a version that is not listed is answered 400 with the list", async () => {
    const answer = await post(
      gateway.url,
      await issuer.token(),
      { jsonrpc: "2.0", id: 5, method: "ping" },
      { "mcp-protocol-version": "2026-07-28" },
    );

    expect(answer).toMatchObject({
      status: 400,
      json: {
        id: 5,
        error: {
          code: -32_022,
          data: {
            supported: ["2025-11-25", "2025-06-18", "2025-03-26"],
            requested: "2026-07-28",
          },
        },
      },
    });
  });

  test("GET and DELETE are answered 405 without asking for a token", async () => {
    const answers = await Promise.all(
      ["GET", "DELETE"].map((method) => fetch(gateway.url, { method })),
    );

    expect(answers.map(({ status, headers }) => [status, headers.get("allow")])).toEqual([
      [405, "POST"],
      [405, "POST"],
    ]);
  });

  test("a page of this machine may call it, and reads the challenge", async () => {
    const preflight = await fetch(gateway.url, {
      method: "OPTIONS",
      headers: { origin: "http://localhost:6274", "access-control-request-method": "POST" },
    });
    const refused = await post(gateway.url, undefined, {}, { origin: "http://localhost:6274" });

    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
    expect(refused.headers.get("access-control-allow-origin")).toBe("http://localhost:6274");
    expect(refused.headers.get("access-control-expose-headers")).toContain("www-authenticate");
  });

  test("tools/list comes in pages of 50", async () => {
    const many = await startGateway({
      port: 0,
      gatewayId: "many",
      properties: gatewayProperties(issuer.discoveryUrl),
      targets: [
        {
          targetId: "T",
          properties: targetProperties(Array.from({ length: 51 }, (_, index) => `tool_${index}`)),
        },
      ],
      access: functions.access,
    });
    const token = await issuer.token();
    const list = (params: unknown) =>
      post(many.url, token, { jsonrpc: "2.0", id: 1, method: "tools/list", params });

    const first = (await list({})).json as { result: { tools: unknown[]; nextCursor: string } };
    const second = (await list({ cursor: first.result.nextCursor })).json;

    expect(first.result.tools).toHaveLength(50);
    expect(second).toMatchObject({ result: { tools: [{ name: "home___tool_50" }] } });
    expect(JSON.stringify(second)).not.toContain("nextCursor");
    await many.close();
  });

  test("more than the quota of one second is answered 429", async () => {
    const slow = await startGateway({
      port: 0,
      gatewayId: "slow",
      properties: gatewayProperties(issuer.discoveryUrl),
      targets: [],
      access: functions.access,
      callsPerSecond: 2,
      now: () => 1_795_000_000_000,
    });
    const token = await issuer.token({ iat: 1_794_999_000, exp: 1_795_003_600 });

    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { status } = await post(slow.url, token, {
        jsonrpc: "2.0",
        id: 1,
        method: "tools/list",
      });
      statuses.push(status);
    }

    await slow.close();
    expect(statuses).toEqual([200, 200, 429]);
  });
});
