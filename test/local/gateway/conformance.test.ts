import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { browser, poolTemplate, startTestCognito } from "../cognito/support.ts";
import { onAuthorizeUrl, runClient } from "./run-client.ts";
import { startSignedInGateway } from "./signed-in-gateway.ts";
import { closedPort } from "./support.ts";

// The official suite, https://github.com/modelcontextprotocol/conformance, 0.2.0-alpha.12

const SUITE = "@modelcontextprotocol/conformance/dist/index.js";

/** What a gateway in front of Lambda functions has, and passes. */
const PASSES = ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"];

/** Nothing to check without a stream or a session; the suite counts them as passed with no check made. */
const EMPTY = ["server-sse-multiple-streams", "server-session-lifecycle", "server-sse-polling"];

/** Why the others fail, at AgentCore Gateway with Lambda targets as here. */
const FAILS: Readonly<Record<string, readonly string[]>> = {
  "the suite calls tools by fixed names, and every tool here is called <target>___<tool>": [
    "tools-call-simple-text",
    "tools-call-image",
    "tools-call-audio",
    "tools-call-embedded-resource",
    "tools-call-mixed-content",
    "tools-call-with-logging",
    "tools-call-error",
    "tools-call-with-progress",
    "tools-call-sampling",
    "tools-call-elicitation",
    "elicitation-sep1034-defaults",
    "elicitation-sep1330-enums",
    "json-schema-2020-12",
  ],
  "prompts and resources belong to MCP-server targets": [
    "resources-list",
    "resources-read-text",
    "resources-read-binary",
    "resources-templates-read",
    "resources-subscribe",
    "resources-unsubscribe",
    "prompts-list",
    "prompts-get-simple",
    "prompts-get-with-args",
    "prompts-get-embedded-resource",
    "prompts-get-with-image",
  ],
  "the gateway offers neither logging nor completion": ["logging-set-level", "completion-complete"],
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** The suite cannot send a token: this puts one into every request and changes nothing else. */
const startBearerProxy = async (to: string, token: string): Promise<string> => {
  const proxy = createServer((asked, answer) => {
    const headers = { ...asked.headers, authorization: `Bearer ${token}` };
    const sent = request(to, { method: asked.method, path: asked.url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(answer);
    });
    asked.pipe(sent);
  });
  const port = await new Promise<number>((resolve) => {
    proxy.listen(0, "127.0.0.1", () => {
      const address = proxy.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  open.push({
    close: async () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  });
  return `http://localhost:${port}/mcp`;
};

test("the server scenarios of 2025-11-25 pass where a tools-only gateway has them", async () => {
  const stack = await startSignedInGateway();
  open.push(stack);
  const url = await startBearerProxy(stack.url, await stack.machineToken());

  const { stdout } = await runClient(SUITE, [
    ..."server --requirements 2025-11-25 -o results --url".split(" "),
    url,
  ]);

  const summary = stdout.slice(stdout.indexOf("=== SUMMARY ==="));
  const scenarios = (mark: string): readonly string[] =>
    [...summary.matchAll(new RegExp(`^${mark} ([a-z0-9-]+):`, "gm"))].map(([, name]) => name ?? "");
  expect([...scenarios("✓")].sort()).toEqual([...PASSES, ...EMPTY].sort());
  expect([...scenarios("✗")].sort()).toEqual(Object.values(FAILS).flat().sort());
});

describe("the authorization-server scenarios", () => {
  /** The exit code, and every check that failed with what the suite says of it. */
  const run = async (advertisesPkce: boolean) => {
    const port = await closedPort();
    const callbacks = { CallbackURLs: [`http://127.0.0.1:${port}/callback`] };
    const cognito = await startTestCognito({
      advertisesPkce,
      pools: [poolTemplate({}, { web: callbacks })],
    });
    open.push(cognito);
    const results = mkdtempSync(join(tmpdir(), "conformance-"));
    open.push({ close: async () => rmSync(results, { recursive: true, force: true }) });
    const signIn = async (address: string): Promise<unknown> => {
      const session = browser(cognito.url);
      const form = await session.visit(address);
      const done = await session.submit(form, { username: "ada", password: cognito.password });
      return fetch(done.url);
    };
    const { code, stdout } = await runClient(
      SUITE,
      [
        ..."authorization --client-id web --resource http://localhost:4600/mcp".split(" "),
        ...["--client-secret", cognito.secret("web"), "--port", String(port)],
        ...["--url", cognito.issuer, "-o", results],
      ],
      { onOutput: onAuthorizeUrl(signIn) },
    );
    const failures = readdirSync(results).flatMap((directory) => {
      const checks = JSON.parse(readFileSync(join(results, directory, "checks.json"), "utf8")) as {
        readonly status: string;
        readonly errorMessage?: string;
      }[];
      return checks.filter(({ status }) => status === "FAILURE").map((check) => check.errorMessage);
    });
    return { code, summary: stdout.slice(stdout.indexOf("=== SUMMARY ===")), failures };
  };

  test("pass when the discovery document says that PKCE is there", async () => {
    const { code, summary, failures } = await run(true);

    expect([code, failures]).toEqual([0, []]);
    expect(summary).toContain("✓ authorization-server-metadata-endpoint: 1 passed");
    expect(summary).toContain("✓ authorization-code-grant: 1 passed");
  });

  test("fail on nothing but that field with Cognito's own document", async () => {
    const { code, failures } = await run(false);

    // The second scenario stops where the first one does: it reads the same document.
    expect([code, [...failures].sort()]).toEqual([
      1,
      [
        "Invalid authorization server metadata",
        'Response body does not include valid "code_challenge_methods_supported" claim',
      ],
    ]);
  });
});
