import fc from "fast-check";
import { expect, test } from "vitest";
import { callerOfVerifiedToken } from "#domain/access/access-token.ts";

const base64Url = (text: string) => Buffer.from(text, "utf8").toString("base64url");
const tokenOf = (claims: unknown) => `e30.${base64Url(JSON.stringify(claims))}.c2ln`;

const CLAIMS = {
  sub: "3f2a-11",
  client_id: "4abc",
  token_use: "access",
  username: "Zoë 🌙",
  scope: "openid smarthome-gateway/read smarthome-gateway/write",
};

test("a person's access token says who, through what, and what is granted", () => {
  expect(callerOfVerifiedToken(tokenOf(CLAIMS))).toEqual({
    sub: "3f2a-11",
    clientId: "4abc",
    username: "Zoë 🌙",
    scopes: ["read", "write"],
  });
});

test("a machine's token has no name", () => {
  const { username: _, ...claims } = { ...CLAIMS, sub: "4abc", scope: "smarthome-gateway/read" };

  expect(callerOfVerifiedToken(tokenOf(claims))).toEqual({
    sub: "4abc",
    clientId: "4abc",
    scopes: ["read"],
  });
});

test.each(["a", "a".repeat(256)])("a subject may be as short or as long as %j", (sub) => {
  expect(callerOfVerifiedToken(tokenOf({ ...CLAIMS, sub }))?.sub).toBe(sub);
});

test("a name that is no UTF-8 is not mended", () => {
  const claims = Buffer.from(JSON.stringify({ ...CLAIMS, username: "?" }));
  claims[claims.indexOf("?")] = 0xff;

  expect(callerOfVerifiedToken(`e30.${claims.toString("base64url")}.c2ln`)).toBeUndefined();
});

test.each([
  ["no scope", { ...CLAIMS, scope: undefined }],
  ["a list of scopes", { ...CLAIMS, scope: ["smarthome-gateway/write"] }],
  ["another's scopes", { ...CLAIMS, scope: "other/write smarthome-gateway/writer" }],
])("a token with %s grants nothing", (_, claims) => {
  expect(callerOfVerifiedToken(tokenOf(claims))?.scopes).toEqual([]);
});

test.each([
  ["an id token", tokenOf({ ...CLAIMS, token_use: "id" })],
  ["a token of no use", tokenOf({ ...CLAIMS, token_use: undefined })],
  ["a token without a subject", tokenOf({ ...CLAIMS, sub: undefined })],
  ["a token with an empty subject", tokenOf({ ...CLAIMS, sub: "" })],
  ["a token whose subject is a number", tokenOf({ ...CLAIMS, sub: 1 })],
  ["a token whose subject breaks a header", tokenOf({ ...CLAIMS, sub: "a\r\nx-caller-sub: b" })],
  ["a token whose subject is no ASCII", tokenOf({ ...CLAIMS, sub: "zoë" })],
  ["a token whose subject is too long", tokenOf({ ...CLAIMS, sub: "a".repeat(257) })],
  ["a token without a client", tokenOf({ ...CLAIMS, client_id: undefined })],
  ["a list", tokenOf([CLAIMS])],
  ["null", tokenOf(null)],
  ["no JSON", `e30.${base64Url("{")}.c2ln`],
  ["no UTF-8", `e30.${Buffer.from([0x22, 0xff, 0x22]).toString("base64url")}.c2ln`],
  ["no base64", "e30.***.c2ln"],
  ["two parts", `e30.${base64Url(JSON.stringify(CLAIMS))}`],
  ["four parts", `${tokenOf(CLAIMS)}.more`],
  ["an empty text", ""],
])("%s is nobody's token", (_, token) => {
  expect(callerOfVerifiedToken(token)).toBeUndefined();
});

test("whatever stands in its place is nobody's token, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(callerOfVerifiedToken(text)).toBeUndefined();
      expect(callerOfVerifiedToken(`e30.${base64Url(text)}.c2ln`)).toBeUndefined();
    }),
  );
});
