import { expect, test } from "vitest";
import { connectionsNamed } from "../../scripts/show-connection/connections.ts";
import { withoutSecrets } from "../../scripts/show-connection/without-secrets.ts";

const DEPLOYED = {
  gateway: { url: "https://gw.example/mcp" },
  cognito: {
    issuer: "https://issuer.example/pool",
    domain: "https://sign-in.example",
    clients: {
      machine: { clientId: "machine-id", clientSecret: "machine-secret" },
      claudeWeb: { clientId: "web-id", clientSecret: "web-secret" },
      local: { clientId: "local-id" },
      console: { clientId: "console-id" },
    },
  },
} as const;

const linesOf = (name: string | undefined, signIn = withoutSecrets(DEPLOYED, [])): string =>
  connectionsNamed(name)
    .flatMap(({ title, lines }) => [title, ...lines(signIn)])
    .join("\n");

// REQ: show-connection
test.each([
  ["claude-web", "OAuth client   web-id"],
  [
    "claude-code",
    "claude mcp add --transport http --client-id local-id --callback-port 8765 home https://gw.example/mcp\nclaude mcp login home",
  ],
  ["codex", "codex mcp add home --url https://gw.example/mcp --oauth-client-id local-id"],
  [
    "opencode",
    '{"home":{"type":"remote","url":"https://gw.example/mcp","oauth":{"clientId":"local-id"}}}',
  ],
  ["gemini-cli", '"scopes":["smarthome-gateway/read","smarthome-gateway/write"]'],
  ["inspector", "--callback-url http://127.0.0.1:6276/oauth/callback"],
  [
    "mcp-remote",
    `npx mcp-remote-client https://gw.example/mcp 3334 --static-oauth-client-info '{"client_id":"local-id"}'`,
  ],
  ["machine", "token          https://sign-in.example/oauth2/token"],
])("%s gets the lines that its user enters", (name, line) => {
  expect(linesOf(name)).toContain(line);
});

// REQ: show-connection
test("a secret is shown only where it was asked for, and only of the clients that were asked about", () => {
  const hidden = linesOf(undefined);
  const ofMachine = linesOf(undefined, withoutSecrets(DEPLOYED, ["machine"]));

  expect(hidden).not.toMatch(/web-secret|machine-secret/);
  expect(hidden.match(/hidden \(--show-secret shows it\)/g)).toHaveLength(2);
  expect(ofMachine).toContain("secret         machine-secret");
  expect(ofMachine).not.toContain("web-secret");
});

test("a client that nobody here knows is refused with those that are known", () => {
  expect(() => connectionsNamed("netscape")).toThrow(
    'No client is called "netscape" here; known: claude-web, claude-code, codex, opencode, gemini-cli, inspector, mcp-remote, machine.',
  );
});
