import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, postForm } from "../local/cognito/support.ts";
import { startSignedInGateway } from "../local/gateway/signed-in-gateway.ts";
import { post, sendRaw, TOOL_ARN } from "../local/gateway/support.ts";

// Whatever is sent, the answer is one of the few that there are, and nothing gets through by chance.

let stack: Awaited<ReturnType<typeof startSignedInGateway>>;
let token: string;
beforeAll(async () => {
  stack = await startSignedInGateway({ callsPerSecond: 1_000_000 });
  token = await stack.machineToken();
});
afterAll(() => stack.close());

const NASTY = fc.constantFrom(
  "",
  " ",
  "%00",
  "\r\nx: y",
  "'",
  '"><script>',
  "http://localhost:9/callback",
  "http://localhost:9/callback/",
  "https://evil.example",
  "javascript:alert(1)",
  "code",
  "token",
  "S256",
  "plain",
  "openid",
  "smarthome-gateway/read",
  "web",
  "local",
  "machine",
  "__proto__",
  "..",
  "🌙",
);
const anyText = fc.oneof(NASTY, fc.string({ unit: "grapheme", maxLength: 60 }));

describe("the gateway", () => {
  test("answers every JSON document with 200, 202 or 400 and calls a function only for a call", async () => {
    const message = fc.record(
      {
        jsonrpc: fc.oneof(fc.constant("2.0"), fc.jsonValue({ maxDepth: 1 })),
        id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue({ maxDepth: 1 })),
        method: fc.oneof(
          fc.constantFrom("initialize", "ping", "tools/list", "tools/call", "notifications/x"),
          fc.jsonValue({ maxDepth: 1 }),
        ),
        params: fc.oneof(
          fc.record(
            {
              name: fc.oneof(fc.constant("home___run_scene"), anyText),
              arguments: fc.jsonValue(),
              cursor: fc.jsonValue({ maxDepth: 1 }),
              protocolVersion: fc.jsonValue({ maxDepth: 1 }),
            },
            { requiredKeys: [] },
          ),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    );

    await fc.assert(
      fc.asyncProperty(fc.oneof(message, fc.jsonValue()), async (document) => {
        stack.functions.invoked.length = 0;
        const { status, json } = await post(stack.url, token, document);
        expect([200, 202, 400]).toContain(status);
        if (status !== 202) expect(json).toMatchObject({ jsonrpc: "2.0" });
        const called = stack.functions.invoked.length > 0;
        expect(called).toBe(status === 200 && JSON.stringify(json).includes('"isError":false'));
      }),
      { numRuns: 3000 },
    );
  }, 60_000);

  test("takes no token that differs from a good one in a single character", async () => {
    // The last character of the signature has bits that are not part of it.
    const places = token.length - 1;

    await fc.assert(
      fc.asyncProperty(
        fc.nat(places - 1),
        fc.constantFrom(..."ABCXYZabcxyz0189-_"),
        async (place, letter) => {
          fc.pre(token[place] !== letter && token[place] !== ".");
          const changed = token.slice(0, place) + letter + token.slice(place + 1);
          const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
          const { status } = await post(stack.url, changed, ping);
          expect([place, status]).toEqual([place, 401]);
        },
      ),
      { numRuns: 1500 },
    );
  }, 60_000);

  test("answers any bytes on any path without failing", async () => {
    const latin = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((n) => String.fromCharCode(n)),
      maxLength: 40,
    });

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS"),
        fc.oneof(
          fc.constantFrom("/mcp", "/.well-known/oauth-protected-resource"),
          latin.map((t) => `/${t}`),
        ),
        fc.oneof(fc.constant(`Bearer ${token}`), latin),
        fc.uint8Array({ maxLength: 200 }),
        async (method, path, authorization, body) => {
          stack.functions.invoked.length = 0;
          const { status } = await sendRaw(stack.url, {
            method,
            path,
            headers: ["Authorization", authorization, "Content-Type", "application/json"],
            body: Buffer.from(body),
          });
          expect(status).toBeLessThan(500);
          expect(stack.functions.invoked.filter(({ arn }) => arn === TOOL_ARN)).toEqual([]);
        },
      ),
      { numRuns: 1500 },
    );
  }, 60_000);
});

describe("sign-in", () => {
  test("sends a browser nowhere but to its own pages and to a registered address", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            response_type: anyText,
            client_id: fc.oneof(fc.constantFrom("web", "local", "machine"), anyText),
            redirect_uri: fc.oneof(fc.constant("http://localhost:9/callback"), anyText),
            scope: anyText,
            state: anyText,
            nonce: anyText,
            code_challenge: anyText,
            code_challenge_method: anyText,
            resource: anyText,
            prompt: anyText,
          },
          { requiredKeys: [] },
        ),
        async (parameters) => {
          const url = authorizeUrl(stack.cognito, parameters);
          const response = await fetch(url, { redirect: "manual" });
          const location = response.headers.get("location") ?? "";
          expect(response.status).toBe(302);
          expect(
            location.startsWith(`${stack.cognito.url}/login?`) ||
              location.startsWith(`${stack.cognito.url}/error?error=`) ||
              /^http:\/\/localhost:9\/callback\?(?:error_description=[^&]*&)?(?:state=[^&]*&)?error=\w+$/.test(
                location,
              ),
          ).toBe(true);
          const page = await fetch(url.replace("/oauth2/authorize", "/login"), {
            redirect: "manual",
          });
          expect(await page.text()).not.toMatch(/<script|<img|<iframe/i);
        },
      ),
      { numRuns: 1500 },
    );
  }, 60_000);

  test("gives no token for a form that somebody made up", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            grant_type: fc.oneof(
              fc.constantFrom("authorization_code", "refresh_token", "client_credentials"),
              anyText,
            ),
            client_id: fc.oneof(fc.constantFrom("web", "local", "machine"), anyText),
            client_secret: anyText,
            code: anyText,
            code_verifier: anyText,
            refresh_token: anyText,
            redirect_uri: anyText,
            scope: anyText,
          },
          { requiredKeys: [] },
        ),
        async (fields) => {
          const { status, json } = await postForm(`${stack.cognito.url}/oauth2/token`, fields);
          expect(status).toBe(400);
          expect(JSON.stringify(json)).not.toContain('_token":');
        },
      ),
      { numRuns: 1500 },
    );
  }, 60_000);
});
