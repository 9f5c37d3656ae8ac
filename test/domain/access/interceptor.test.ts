import { expect, test } from "vitest";
import { parseInterceptedRequest, toolOf } from "#domain/access/interceptor.ts";

const TOKEN = `e30.${Buffer.from(
  JSON.stringify({
    sub: "alice",
    client_id: "4abc",
    token_use: "access",
    scope: "smarthome-gateway/read",
  }),
).toString("base64url")}.c2ln`;
const ALICE = { sub: "alice", clientId: "4abc", scopes: ["read"] };

const CALL = {
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name: "home___run_scene", arguments: { scene: "goodnight" } },
};
const eventOf = (headers: unknown, body: unknown) => ({
  interceptorInputVersion: "1.0",
  mcp: { gatewayRequest: { path: "/mcp", httpMethod: "POST", headers, body } },
});

test("a call is read: who, what, which tool", () => {
  const request = parseInterceptedRequest(eventOf({ Authorization: `Bearer ${TOKEN}` }, CALL));

  expect(request).toEqual({
    caller: ALICE,
    method: "tools/call",
    id: 7,
    tool: "run_scene",
    body: CALL,
  });
});

test.each(["authorization", "Authorization", "AUTHORIZATION"])(
  "the header may be written %s",
  (name) => {
    const request = parseInterceptedRequest(eventOf({ [name]: `bearer  ${TOKEN}` }, CALL));

    expect(request.caller).toEqual(ALICE);
  },
);

test.each([
  ["no headers", undefined],
  ["no authorization", { "x-caller-sub": "mallory" }],
  ["another scheme", { Authorization: `Basic ${TOKEN}` }],
  ["no scheme", { Authorization: TOKEN }],
  ["no token", { Authorization: "Bearer " }],
  ["something after the token", { Authorization: `Bearer ${TOKEN} x` }],
  ["a list", { Authorization: [`Bearer ${TOKEN}`] }],
  ["a token that is none", { Authorization: "Bearer x.y.z" }],
])("with %s nobody calls", (_, headers) => {
  expect(parseInterceptedRequest(eventOf(headers, CALL)).caller).toBeUndefined();
});

test.each([
  ["a notification", { jsonrpc: "2.0", method: "notifications/initialized" }, null],
  ["a text as id", { jsonrpc: "2.0", id: "a", method: "ping" }, "a"],
  ["an id of 0", { jsonrpc: "2.0", id: 0, method: "ping" }, 0],
  ["an object as id", { jsonrpc: "2.0", id: {}, method: "ping" }, null],
])("the id of %s is read", (_, body, id) => {
  const request = parseInterceptedRequest(eventOf({}, body));

  expect(request.id).toBe(id);
  expect(request).not.toHaveProperty("tool");
});

test.each([
  ["a batch", [CALL]],
  ["a text", "tools/call"],
  ["nothing", undefined],
  ["a method that is a number", { jsonrpc: "2.0", id: 1, method: 1 }],
])("%s has no method", (_, body) => {
  expect(parseInterceptedRequest(eventOf({}, body))).not.toHaveProperty("method");
});

test.each([undefined, null, "x", [], {}, { mcp: null }, { mcp: { gatewayRequest: [] } }])(
  "an event of %j is nobody's and asks for nothing",
  (event) => {
    expect(parseInterceptedRequest(event)).toEqual({
      caller: undefined,
      id: null,
      body: undefined,
    });
  },
);

test.each([
  ["home___run_scene", "run_scene"],
  ["run_scene", "run_scene"],
  ["home__run_scene", "home__run_scene"],
  ["a___b___c", "b___c"],
  ["home___", ""],
])("%s is the tool %s", (name, tool) => {
  expect(toolOf(name)).toBe(tool);
});
