import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Declared } from "#local/stack/declared.ts";
import { declaredStack, type PlayedSite, startPlayedSite } from "./played-site.ts";

const PAGE = "<!doctype html><title>Home console</title>";

let declared: Declared;
let site: PlayedSite;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

/** The stack's distribution with another patience than a minute. */
const impatient = (stack: Declared): Declared => ({
  ...stack,
  theOne: (type, what) => {
    const one = stack.theOne(type, what);
    const text = JSON.stringify(one.properties).replace(
      '"OriginReadTimeout":60',
      '"OriginReadTimeout":1',
    );
    return { ...one, properties: JSON.parse(text) as typeof one.properties };
  },
});

beforeAll(async () => {
  declared = declaredStack();
  site = await startPlayedSite(
    impatient(declared),
    (request, response) => answer(request, response),
    { "index.html": PAGE, "main-1.js": "run()", "secret.txt": "not for everybody" },
  );
});
beforeEach(() => {
  answer = (_, response) => response.end("{}");
});
afterAll(() => site.close());

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' https://smarthome-000000000000.auth.us-east-1.amazoncognito.com; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

describe("the console's page", () => {
  // REQ: console-page-everywhere
  test.for(["/", "/runs", "/runs/run_1?tab=proof", "/devices/hall_lamp/", "/mcp/"])(
    "is what %s shows, and says what it may load and call",
    async (path) => {
      const got = await site.get(path);

      expect([got.status, got.text]).toEqual([200, PAGE]);
      expect(got.headers["content-security-policy"]).toBe(CSP);
      expect(got.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000",
      });
    },
  );

  test("is told to HEAD without its text, and not at all to who has it", async () => {
    const head = await site.get("/", { method: "HEAD" });
    const known = await site.get("/", { headers: { "if-none-match": '"1"' } });

    expect([head.status, head.text, head.headers["content-length"]]).toEqual([
      200,
      "",
      String(PAGE.length),
    ]);
    expect([known.status, known.text]).toEqual([304, ""]);
    expect(known.headers["content-security-policy"]).toBe(CSP);
  });

  test("files that are not there are refused as S3 refuses who may not list, never answered with the page", async () => {
    const missing = await site.get("/main-2.js");

    expect(missing.status).toBe(403);
    expect(missing.text).toContain("<Code>AccessDenied</Code>");
    expect(missing.headers["content-security-policy"]).toBe(CSP);
  });

  test.for(["/../secret.txt", "/a/../../secret.txt", "/..%2fsecret.txt", "/%2e%2e/main-1.js"])(
    "%s leads nowhere: a path is a key, and a key has no folders",
    async (path) => {
      const got = await site.get(path);

      expect([got.status, got.text.includes("not for")]).toEqual([403, false]);
    },
  );

  test.for(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])(
    "%s is not for files, and CloudFront says so itself, in HTML and without the page's headers",
    async (method) => {
      const got = await site.get("/", { method });

      expect(got.status).toBe(403);
      expect(got.headers["content-type"]).toBe("text/html");
      expect(got.text).toContain("not configured to allow the HTTP request method");
      expect(got.headers["content-security-policy"]).toBeUndefined();
    },
  );

  test.for(["evil.example", "localhost.evil.example:4603", "169.254.169.254"])(
    "a page that calls itself %s gets nothing",
    async (host) => {
      const page = await site.get("/", { headers: { host } });
      const gateway = await site.get("/mcp", { method: "POST", headers: { host } });

      expect([page.status, gateway.status]).toEqual([403, 403]);
      expect(page.text).toContain("Bad request");
    },
  );
});

describe("the gateway under /mcp", () => {
  test("gets the call as the viewer made it, but for what a browser adds of itself", async () => {
    let seen: IncomingHttpHeaders = {};
    let body = "";
    answer = (request, response) => {
      seen = request.headers;
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString("utf8");
      });
      request.on("end", () => response.end(`${request.method} ${request.url}`));
    };

    const got = await site.get("/mcp?a=1&b=%2F", {
      method: "POST",
      headers: {
        authorization: "Bearer token",
        "content-type": "application/json",
        "mcp-protocol-version": "2025-11-25",
        origin: "https://d1.cloudfront.net",
        referer: "https://d1.cloudfront.net/runs",
        cookie: "session=1; other=2",
        host: "localhost:4603",
      },
      body: '{"jsonrpc":"2.0"}',
    });

    expect([got.status, got.text, body]).toEqual([200, "POST /mcp?a=1&b=%2F", '{"jsonrpc":"2.0"}']);
    expect(seen).toMatchObject({
      authorization: "Bearer token",
      "content-type": "application/json",
      "mcp-protocol-version": "2025-11-25",
    });
    expect([seen.origin, seen.referer, seen.cookie]).toEqual([undefined, undefined, undefined]);
    // Its own, as TLS wants it.
    expect(seen.host).not.toBe("localhost:4603");
    expect(seen.via).toMatch(/^1\.1 d[0-9a-z]{13}\.cloudfront\.net \(CloudFront\)$/);
  });

  // REQ: console-errors-as-they-are
  test.for([
    [401, { "www-authenticate": 'Bearer error="invalid_token"' }, '{"error":{"code":-32001}}'],
    [403, { "content-type": "application/json" }, '{"error":{"code":-32002}}'],
    [404, { "content-type": "application/json" }, '{"error":{"code":-32601}}'],
    [429, { "retry-after": "7" }, '{"error":{"code":-32003}}'],
    [500, { "content-type": "text/html" }, "<h1>Internal error</h1>"],
  ] as const)("%i arrives as what it is", async ([status, headers, text]) => {
    answer = (_, response) => response.writeHead(status, headers).end(text);

    const got = await site.get("/mcp", { method: "POST", body: "{}" });

    expect([got.status, got.text]).toEqual([status, text]);
    expect(got.headers).toMatchObject({ ...headers, "x-cache": "Error from cloudfront" });
    // A page's headers are not the gateway's, and safe ones are.
    expect(got.headers["content-security-policy"]).toBeUndefined();
    expect(got.headers["x-content-type-options"]).toBe("nosniff");
  });

  // REQ: console-errors-as-they-are
  test("a gateway that is silent for too long is told with 504, in CloudFront's own HTML", async () => {
    answer = () => undefined;

    const got = await site.get("/mcp", { method: "POST", body: "{}" });

    expect(got.status).toBe(504);
    expect(got.headers["content-type"]).toBe("text/html");
    expect(got.text).toContain("<H1>504 Gateway Timeout ERROR</H1>");
  });

  test("a gateway that hangs up is told with 502", async () => {
    answer = (request) => request.socket.destroy();

    const got = await site.get("/mcp", { method: "POST", body: "{}" });

    expect([got.status, got.text.includes("502 Bad Gateway ERROR")]).toEqual([502, true]);
  });

  test("an answer that comes in pieces is passed on piece by piece", async () => {
    let finish = (): void => undefined;
    answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
      finish = () => response.end("data: 2\n\n");
    };

    const got = await fetch(`${site.url}/mcp`, { method: "POST", body: "{}" });
    const reader = got.body?.getReader();
    const pieces: string[] = [];
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      pieces.push(Buffer.from(read.value).toString("utf8"));
      finish();
    }

    expect(pieces).toEqual(["data: 1\n\n", "data: 2\n\n"]);
  });
});
