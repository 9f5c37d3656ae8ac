import { createHash } from "node:crypto";

/** A program that people connect with, and where it has them sent back to. */
export interface KnownClient {
  readonly name: string;
  /** In the order in which it uses them, for a gateway's URL as its user enters it. */
  callbacks(gatewayUrl: string): readonly string[];
}

const fixed = (name: string, ...callbacks: readonly string[]): KnownClient => ({
  name,
  callbacks: () => callbacks,
});

/**
 * The programs on a person's own computer. Cognito compares the whole callback, port and path included, so that each
 * must be told the port that is here where it would take any.
 */
export const KNOWN_CLIENTS: readonly KnownClient[] = [
  fixed("Claude Code", "http://localhost:8765/callback", "http://127.0.0.1:8765/callback"),
  fixed(
    "MCP Inspector",
    "http://localhost:6274/oauth/callback",
    "http://127.0.0.1:6274/oauth/callback",
    "http://127.0.0.1:6276/oauth/callback",
  ),
  fixed("mcp-remote", "http://localhost:3334/oauth/callback"),
  fixed("opencode", "http://127.0.0.1:19876/mcp/oauth/callback"),
  fixed("gemini-cli", "http://localhost:7777/oauth/callback"),
  {
    name: "codex",
    callbacks: (gatewayUrl) => [`http://127.0.0.1:8766/callback/${codexSuffix(gatewayUrl)}`],
  },
];

/** All of them, for each of the addresses under which the gateway is entered, none twice. */
export const knownCallbacks = (gatewayUrls: readonly string[]): readonly string[] => [
  ...new Set(KNOWN_CLIENTS.flatMap(({ callbacks }) => gatewayUrls.flatMap(callbacks))),
];

// codex puts nine bytes of the URL's hash behind whatever callback it is told (seen with 0.171).
const codexSuffix = (gatewayUrl: string): string =>
  createHash("sha256").update(gatewayUrl).digest().subarray(0, 9).toString("base64url");
