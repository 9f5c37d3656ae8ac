import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  authorizeUrl,
  browser,
  POOL_ID,
  poolTemplate,
  startTestCognito,
  type TestCognito,
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

describe("the pages", () => {
  const right = () => ({ username: "ada", password: cognito.password });
  const visit = async (parameters: Readonly<Record<string, string>> = {}) => {
    const session = browser(cognito.url);
    return { session, form: await session.visit(authorizeUrl(cognito, parameters)) };
  };

  test("a form without its token signs nobody in", async () => {
    const { session, form } = await visit();

    const page = await session.submit(form, { ...right(), _csrf: "" });

    expect([page.status, session.cookies.has("cognito")]).toEqual([403, false]);
  });

  test("a form with the token of another browser signs nobody in", async () => {
    const { session, form } = await visit();
    const other = await visit();
    const [, stolen = ""] = /name="_csrf" value="([^"]+)"/.exec(other.form.html) ?? [];

    const page = await session.submit(form, { ...right(), _csrf: stolen });

    expect([page.status, session.cookies.has("cognito")]).toEqual([403, false]);
  });

  test.each(["https://evil.example", "http://localhost:1", "null"])(
    "a form sent from %s signs nobody in",
    async (origin) => {
      const { session, form } = await visit();

      const page = await session.submit(form, right(), { origin });

      expect([page.status, session.cookies.has("cognito")]).toEqual([403, false]);
    },
  );

  test("name and password in the address sign nobody in", async () => {
    const { session, form } = await visit();

    const page = await session.visit(`${form.url}&username=ada&password=${cognito.password}`);

    expect([page.html.includes("<h1>Sign in</h1>"), session.cookies.has("cognito")]).toEqual([
      true,
      false,
    ]);
  });

  test("a quote that ends an SQL string is only a name", async () => {
    const { session, form } = await visit();

    const page = await session.submit(form, { username: "ada' or '1'='1", password: "x" });

    expect(page.html).toContain("Incorrect username or password.");
  });

  test.each([
    ["a state", { state: '"><script>alert(1)</script>' }],
    ["a nonce", { nonce: "'><img src=x onerror=alert(1)>" }],
  ])("a script in %s is not part of the page", async (_name, parameters) => {
    const { form } = await visit(parameters);

    expect(form.html).not.toMatch(/<script|<img/);
  });

  test("a script in a user name is shown as text", async () => {
    const { session, form } = await visit();

    const page = await session.submit(form, {
      username: '"><script>alert(1)</script>',
      password: "x",
    });

    expect(page.html).toContain("&quot;&gt;&lt;script&gt;");
    expect(page.html).not.toContain("<script");
  });

  test("a stranger's message is not shown on the error page", async () => {
    const page = await browser(cognito.url).visit(
      `${cognito.url}/error?error=${encodeURIComponent("Call 555-1234 to unlock <b>now</b>")}`,
    );

    expect([page.status, page.html.includes("555")]).toEqual([400, false]);
  });

  test("no page may be framed, cached or run a script", async () => {
    const { form } = await visit();

    expect(form.headers.get("x-frame-options")).toBe("DENY");
    expect(form.headers.get("cache-control")).toBe("no-store");
    expect(form.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http:\/\/localhost:9; frame-ancestors 'none'; base-uri 'none'$/,
    );
  });

  test("cookies are out of reach of scripts and of other sites' forms", async () => {
    const { session, form } = await visit();
    const body = new URLSearchParams(right());
    body.set("_csrf", session.cookies.get("XSRF-TOKEN") ?? "");

    const response = await session.send(form.url, {
      method: "POST",
      body,
      headers: { origin: cognito.url },
    });

    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^cognito=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
  });

  test("a session cookie that was planted before the sign-in is worth nothing after it", async () => {
    const { session, form } = await visit();
    session.cookies.set("cognito", "planted".padEnd(43, "x"));

    await session.submit(form, right());
    const attacker = browser(cognito.url);
    attacker.cookies.set("cognito", "planted".padEnd(43, "x"));
    const page = await attacker.visit(authorizeUrl(cognito, {}));

    expect(session.cookies.get("cognito")).not.toContain("planted");
    expect(page.html).toContain("<h1>Sign in</h1>");
  });

  test("the new-password page is closed without the temporary password", async () => {
    const { session, form } = await visit();

    const page = await session.visit(form.url.replace("/login", "/newPassword"));

    expect(page.html).toContain("<h1>Sign in</h1>");
  });

  test("a session of one pool is none in another", async () => {
    const { session, form } = await visit();
    await session.submit(form, right());

    const page = await session.visit(authorizeUrl(cognito, { client_id: "web-other" }));

    expect(page.html).toContain("<h1>Sign in</h1>");
  });

  test.each(["evil.example", "localhost.evil.example", "127.0.0.1.nip.io:80"])(
    "a page that calls itself %s gets nothing (DNS rebinding)",
    async (host) => {
      const { sendRaw } = await import("../gateway/support.ts");

      const answer = await sendRaw(cognito.url, {
        method: "GET",
        path: `/${POOL_ID}/.well-known/openid-configuration`,
        headers: ["Host", host],
      });

      expect([answer.status, answer.text]).toEqual([403, "Forbidden"]);
    },
  );

  test("a password of a megabyte is not hashed", async () => {
    const { session, form } = await visit();

    const page = await session.submit(form, { username: "ada", password: "x".repeat(1_000_000) });

    expect(page.status).toBe(413);
  });
});

test("nothing that was tried here is in the log: no password, secret, code or token", () => {
  const log = cognito.lines.join("\n");

  expect(log).not.toContain(cognito.password);
  expect(log).not.toContain(cognito.secret("web"));
  expect(log).not.toMatch(/eyJ|code=|client_secret|password=/);
});
