import fc from "fast-check";
import { expect, test } from "vitest";
import {
  callerHeaders,
  mayUse,
  parseCaller,
  requireScope,
  type Scope,
} from "#domain/access/caller.ts";
import { codeOf, messageOf } from "../code-of.ts";

const HEADERS = {
  "x-caller-sub": "alice",
  "x-caller-client-id": "client1",
  "x-caller-username": "Zo%C3%AB%20%F0%9F%8C%99",
  "x-caller-scopes": "smarthome-gateway/read smarthome-gateway/write",
};

test("a caller travels in four headers of printable ASCII", () => {
  const headers = callerHeaders({
    sub: "alice",
    clientId: "client1",
    username: "Zoë 🌙",
    scopes: ["read", "write"],
  });

  expect(headers).toEqual(HEADERS);
});

test("a caller without a name sends a hyphen, because an empty header may be dropped and a client's remain", () => {
  expect(callerHeaders({ sub: "m", clientId: "m", scopes: [] })).toEqual({
    "x-caller-sub": "m",
    "x-caller-client-id": "m",
    "x-caller-username": "-",
    "x-caller-scopes": "",
  });
});

test("a caller is read out of the headers", () => {
  expect(parseCaller(HEADERS)).toEqual({
    sub: "alice",
    clientId: "client1",
    username: "Zoë 🌙",
    scopes: ["read", "write"],
  });
});

test("a machine has no name, whatever stands in the header", () => {
  const caller = parseCaller({ ...HEADERS, "x-caller-sub": "client1" });

  expect(caller).not.toHaveProperty("username");
});

test("somebody who is called a hyphen keeps the name, and a hyphen alone is no name", () => {
  const named = callerHeaders({ sub: "s", clientId: "c", username: "-", scopes: [] });

  expect(named["x-caller-username"]).toBe("%2D");
  expect(parseCaller(named).username).toBe("-");
  expect(parseCaller({ ...HEADERS, "x-caller-username": "-" })).not.toHaveProperty("username");
});

test("a name that cannot be decoded is left out", () => {
  expect(parseCaller({ ...HEADERS, "x-caller-username": "%E0%A4%A" })).not.toHaveProperty(
    "username",
  );
});

test.each([
  ["no headers", {}],
  ["no subject", { ...HEADERS, "x-caller-sub": undefined }],
  ["an empty subject", { ...HEADERS, "x-caller-sub": "" }],
  ["a subject in a list", { ...HEADERS, "x-caller-sub": ["alice"] }],
  ["no client", { ...HEADERS, "x-caller-client-id": undefined }],
  ["an empty client", { ...HEADERS, "x-caller-client-id": "" }],
])("with %s nobody called", (_, headers) => {
  expect(codeOf(() => parseCaller(headers))).toBe("CallerUnknown");
});

test.each<[unknown, readonly Scope[]]>([
  [undefined, []],
  ["", []],
  ["smarthome-gateway/read", ["read"]],
  ["openid smarthome-gateway/write", ["write"]],
  ["read write", []],
  ["other/read other/write", []],
  ["smarthome-gateway/readwrite", []],
  ["xsmarthome-gateway/write", []],
  ["SMARTHOME-GATEWAY/WRITE", []],
  [["smarthome-gateway/write"], []],
])("the scopes %j grant %j", (scopes, granted) => {
  expect(parseCaller({ ...HEADERS, "x-caller-scopes": scopes }).scopes).toEqual(granted);
});

test.each<[readonly Scope[], Scope, boolean]>([
  [[], "read", false],
  [[], "write", false],
  [["read"], "read", true],
  [["read"], "write", false],
  [["write"], "read", true],
  [["write"], "write", true],
  [["read", "write"], "write", true],
])("who was granted %j may %s: %s", (scopes, scope, allowed) => {
  const caller = { sub: "a", clientId: "c", scopes };

  expect(mayUse(caller, scope)).toBe(allowed);
  expect(codeOf(() => requireScope(caller, scope, "run_scene"))).toBe(
    allowed ? undefined : "NotAllowed",
  );
});

test("who may not is told which scope is needed", () => {
  const message = messageOf(() =>
    requireScope({ sub: "a", clientId: "c", scopes: ["read"] }, "write", "run_scene"),
  );

  expect(message).toBe(
    "Your sign-in may not use run_scene: it needs the scope smarthome-gateway/write. Tell the user; do not retry. Nothing was changed.",
  );
});

test("whatever a person's name is, its header is printable ASCII and gives back what is well-formed of it", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 8 }), (units) => {
      const username = String.fromCharCode(...units);

      const headers = callerHeaders({ sub: "a", clientId: "c", username, scopes: [] });

      expect(headers["x-caller-username"]).toMatch(/^[\x21-\x7e]*$/);
      expect(parseCaller(headers).username).toBe(username.toWellFormed());
    }),
  );
});
