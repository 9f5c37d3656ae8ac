import type { ClientName, SignIn } from "../command/endpoints.ts";
import { Problem } from "../command/problem.ts";

/** A program that connects, and what its user enters. */
export interface Connection {
  readonly name: string;
  readonly title: string;
  /** The app client that it signs in with. */
  readonly client: ClientName;
  lines(to: SignIn): readonly string[];
}

const SCOPES = ["smarthome-gateway/read", "smarthome-gateway/write"];
const HIDDEN = "hidden (--show-secret shows it)";

const secretOf = ({ cognito }: SignIn, client: ClientName): string =>
  cognito.clients[client].clientSecret ?? HIDDEN;

const isOpen = (url: string): boolean => url.startsWith("http:");

// Ports and paths are those of the callbacks that the app client has: Cognito compares the whole address.
// (infra/aws/clients/sign-in-clients.ts; the programs' lines as they were tried: scripts/README.md)
const CONNECTIONS: readonly Connection[] = [
  {
    name: "claude-web",
    title: "Claude on the web, Desktop and phone: Settings, Connectors, Add custom connector",
    client: "claudeWeb",
    lines: (to) => [
      `URL            ${to.gateway.url}`,
      "Advanced settings:",
      `OAuth client   ${to.cognito.clients.claudeWeb.clientId}`,
      `secret         ${secretOf(to, "claudeWeb")}`,
      ...(isOpen(to.gateway.url)
        ? ["Claude reaches only public addresses: this gateway it cannot."]
        : []),
    ],
  },
  {
    name: "claude-code",
    title: "Claude Code",
    client: "local",
    lines: ({ gateway, cognito }) => [
      `claude mcp add --transport http --client-id ${cognito.clients.local.clientId} --callback-port 8765 home ${gateway.url}`,
      "claude mcp login home",
    ],
  },
  {
    name: "codex",
    title: "codex",
    client: "local",
    lines: ({ gateway, cognito }) => [
      "In ~/.codex/config.toml: mcp_oauth_callback_port = 8766",
      `codex mcp add home --url ${gateway.url} --oauth-client-id ${cognito.clients.local.clientId}`,
      ...(isOpen(gateway.url)
        ? []
        : [
            "Its callback is made of this URL: npm run deploy registers it, npx cdk deploy alone does not.",
          ]),
    ],
  },
  {
    name: "opencode",
    title: "opencode",
    client: "local",
    lines: ({ gateway, cognito }) => [
      `In opencode.json, under "mcp": ${JSON.stringify({
        home: {
          type: "remote",
          url: gateway.url,
          oauth: { clientId: cognito.clients.local.clientId },
        },
      })}`,
      "opencode mcp auth home",
    ],
  },
  {
    name: "gemini-cli",
    title: "gemini-cli",
    client: "local",
    lines: ({ gateway, cognito }) => [
      `In ~/.gemini/settings.json, under "mcpServers": ${JSON.stringify({
        home: {
          httpUrl: gateway.url,
          oauth: {
            enabled: true,
            clientId: cognito.clients.local.clientId,
            redirectUri: "http://localhost:7777/oauth/callback",
            authorizationUrl: `${cognito.domain}/oauth2/authorize`,
            tokenUrl: `${cognito.domain}/oauth2/token`,
            scopes: SCOPES,
          },
        },
      })}`,
      "In gemini: /mcp auth home",
    ],
  },
  {
    name: "inspector",
    title: "MCP Inspector",
    client: "local",
    lines: ({ gateway, cognito }) => [
      `npx mcp-inspector --cli --transport http --server-url ${gateway.url} --client-id ${cognito.clients.local.clientId} --callback-url http://127.0.0.1:6276/oauth/callback --method tools/list`,
    ],
  },
  {
    name: "mcp-remote",
    title: "mcp-remote",
    client: "local",
    lines: ({ gateway, cognito }) => [
      `npx mcp-remote-client ${gateway.url} 3334${isOpen(gateway.url) ? " --allow-http" : ""} --static-oauth-client-info '${JSON.stringify({ client_id: cognito.clients.local.clientId })}'`,
    ],
  },
  {
    name: "machine",
    title: "A machine, with client_credentials",
    client: "machine",
    lines: (to) => [
      `URL            ${to.gateway.url}`,
      `token          ${to.cognito.domain}/oauth2/token`,
      `client         ${to.cognito.clients.machine.clientId}`,
      `secret         ${secretOf(to, "machine")}`,
    ],
  },
];

/** All of them, or the one of that name. @throws Problem naming those that there are */
export const connectionsNamed = (name: string | undefined): readonly Connection[] => {
  if (name === undefined) return CONNECTIONS;
  const found = CONNECTIONS.filter((one) => one.name === name);
  if (found.length > 0) return found;
  const known = CONNECTIONS.map((one) => one.name).join(", ");
  throw new Problem(`No client is called "${name}" here; known: ${known}.`);
};
