import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  authorizeUrl,
  browser,
  POOL_ID,
  poolTemplate,
  READ,
  startTestCognito,
  type TestCognito,
  WRITE,
} from "./support.ts";

// Each row is one thing that somebody might try, and what it gets. The names are the promise.

let cognito: TestCognito;
/** Another pool of the same server, with its own clients and keys. */
const OTHER_POOL = "us-east-1_Other6789";

beforeAll(async () => {
  cognito = await startTestCognito({
    pools: [poolTemplate(), poolTemplate({}, { poolId: OTHER_POOL, suffix: "-other" })],
  });
});
afterAll(() => cognito.close());

const CALLBACK = "http://localhost:9/callback";
const CHALLENGE = createHash("sha256").update("v".repeat(43)).digest("base64url");

describe("open redirects: the browser stays here, on a page that says nothing of the address", () => {
  test.each([
    ["another site", "https://evil.example/callback"],
    ["a slash at the end", `${CALLBACK}/`],
    ["a longer path", `${CALLBACK}/more`],
    ["a path that goes up", "http://localhost:9/callback/../evil"],
    ["another port", "http://localhost:10/callback"],
    ["another letter case", "http://localhost:9/Callback"],
    ["a host in capitals", "http://LOCALHOST:9/callback"],
    ["a user name before the host", "http://localhost:9@evil.example/callback"],
    ["a query behind it", `${CALLBACK}?next=https://evil.example`],
    ["a fragment behind it", `${CALLBACK}#evil`],
    ["a script", "javascript:alert(1)"],
    ["a scheme-relative address", "//evil.example/callback"],
    ["a line break", `${CALLBACK}\r\nSet-Cookie: a=b`],
    ["the callback of another client", "http://127.0.0.1:9/callback"],
    ["a percent-encoded twin", "http://localhost:9/%63allback"],
  ])("%s", async (_name, redirect_uri) => {
    const page = await browser(cognito.url).visit(authorizeUrl(cognito, { redirect_uri }));

    expect([page.status, new URL(page.url).origin]).toEqual([400, cognito.url]);
    expect(page.url).toContain("/error?error=redirect_mismatch&client_id=web");
    expect(page.html).not.toContain("evil");
  });

  test.each([
    ["two redirect addresses", `&redirect_uri=${encodeURIComponent("https://evil.example")}`],
    ["two clients", "&client_id=local"],
    ["two scopes", `&scope=${READ}`],
    ["two resources", "&resource=https://a.example&resource=https://b.example"],
  ])("%s", async (_name, more) => {
    const url = authorizeUrl(cognito, { scope: "openid" });

    const page = await browser(cognito.url).visit(url + more);

    expect(page.url).toBe(`${cognito.url}/error?error=Repeated+parameters`);
  });

  test.each([
    ["a client that nobody knows", { client_id: "nobody" }, "Invalid+client+id&client_id=nobody"],
    ["no client", { client_id: undefined }, "Required+parameters+missing"],
    [
      "no redirect address",
      { redirect_uri: undefined },
      "Required+parameters+missing&client_id=web",
    ],
    [
      "a machine at the sign-in page",
      { client_id: "machine" },
      "redirect_mismatch&client_id=machine",
    ],
  ])("%s", async (_name, parameters, error) => {
    const page = await browser(cognito.url).visit(authorizeUrl(cognito, parameters));

    expect(page.url).toBe(`${cognito.url}/error?error=${error}`);
  });

  test("an unregistered address to go to after signing out", async () => {
    const page = await browser(cognito.url).visit(
      `${cognito.url}/logout?client_id=web&logout_uri=${encodeURIComponent("https://evil.example/")}`,
    );

    expect(page.url).toBe(`${cognito.url}/error?error=redirect_mismatch`);
  });
});

describe("requests that the client is told about, at its own address", () => {
  test.each([
    [
      "a scope that is not the client's",
      { scope: "openid email" },
      "?error_description=invalid_scope&state=st4te&error=invalid_request",
    ],
    [
      "every scope of the discovery document",
      { scope: "openid email phone profile" },
      "?error_description=invalid_scope&state=st4te&error=invalid_request",
    ],
    [
      "offline_access",
      { scope: "openid offline_access" },
      "?error_description=invalid_scope&state=st4te&error=invalid_request",
    ],
    [
      "the scope that changes one's own account",
      { scope: "aws.cognito.signin.user.admin" },
      "?error_description=invalid_scope&state=st4te&error=invalid_request",
    ],
    [
      "a scope with a tab in it",
      { scope: `openid\t${WRITE}` },
      "?error_description=invalid_scope&state=st4te&error=invalid_request",
    ],
    ["the implicit flow", { response_type: "token" }, "?state=st4te&error=unauthorized_client"],
    ["a mixed flow", { response_type: "code token" }, "?state=st4te&error=invalid_request"],
    ["no response type", { response_type: undefined }, "?state=st4te&error=invalid_request"],
    [
      "PKCE in the clear",
      { code_challenge: CHALLENGE, code_challenge_method: "plain" },
      "?state=st4te&error=invalid_request",
    ],
    [
      "a PKCE challenge without its method",
      { code_challenge: CHALLENGE },
      "?state=st4te&error=invalid_request",
    ],
    [
      "a PKCE method without a challenge",
      { code_challenge_method: "S256" },
      "?state=st4te&error=invalid_request",
    ],
    [
      "a PKCE challenge that is too short",
      { code_challenge: "abc", code_challenge_method: "S256" },
      "?state=st4te&error=invalid_request",
    ],
    [
      "a resource over plain http elsewhere",
      { resource: "http://evil.example/mcp" },
      "?error_description=invalid_resource&state=st4te&error=invalid_request",
    ],
    [
      "a resource with a fragment",
      { resource: "https://a.example/mcp#x" },
      "?error_description=invalid_resource&state=st4te&error=invalid_request",
    ],
    [
      "a resource that is no address",
      { resource: "gateway" },
      "?error_description=invalid_resource&state=st4te&error=invalid_request",
    ],
  ])("%s", async (_name, parameters, query) => {
    const page = await browser(cognito.url).visit(authorizeUrl(cognito, parameters));

    expect(page.url).toBe(CALLBACK + query);
  });

  test("a state with a line break is carried, not obeyed", async () => {
    const page = await browser(cognito.url).visit(
      authorizeUrl(cognito, { scope: "x", state: "a\r\nSet-Cookie: b=c" }),
    );

    expect(new URL(page.url).searchParams.get("state")).toBe("a\r\nSet-Cookie: b=c");
    expect(page.headers.get("set-cookie")).toBeNull();
  });
});

describe("addresses", () => {
  test.each([
    "/__proto__/.well-known/openid-configuration",
    `/${POOL_ID}%2f.well-known/openid-configuration`,
    `/${POOL_ID}/.well-known/../../etc/passwd`,
    `//evil.example/${POOL_ID}/.well-known/jwks.json`,
    "/oauth2/token/..%2fuserInfo",
    "/oauth2/register",
    "/register",
  ])("%s leads nowhere", async (path) => {
    const { sendRaw } = await import("../gateway/support.ts");

    const answer = await sendRaw(cognito.url, { method: "GET", path });

    expect(answer.status).toBe(404);
  });
});

test("nothing that was tried here is in the log: no password, secret, code or token", () => {
  const log = cognito.lines.join("\n");

  expect(log).not.toContain(cognito.password);
  expect(log).not.toContain(cognito.secret("web"));
  expect(log).not.toMatch(/eyJ|code=|client_secret|password=/);
});
