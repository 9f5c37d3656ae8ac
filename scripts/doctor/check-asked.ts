import { KNOWN_CLIENTS } from "#aws/clients/known-callbacks.ts";
import { askToAuthorize } from "./ask-to-authorize.ts";
import type { Check, Client, Finding } from "./diagnosis.ts";
import { splitScopes } from "./what-was-learned.ts";

/** A program, known by the callback that it asks for, and what makes it ask as it should. */
interface Program {
  readonly name: string;
  readonly asksFor: RegExp;
  /** What to set, given the callback that is registered for it. */
  readonly callbackFix: (registered: string) => string;
  /** What makes it ask for the gateway's scopes. */
  readonly scopesFix: string;
  /** What it stumbles over afterwards. */
  readonly later?: string;
}

const COMMON_SCOPES_FIX =
  "Let the gateway advertise its scopes (on AgentCore: allowedScopes); this program asks for what is advertised.";

// In this order: what they have in common comes last.
const PROGRAMS: readonly Program[] = [
  {
    name: "codex",
    asksFor: /^http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?\/callback\/[\w-]{12}$/,
    callbackFix: (registered) =>
      `Set mcp_oauth_callback_port = ${new URL(registered).port} in ~/.codex/config.toml. What stands behind /callback/ is made of the gateway's URL as codex was given it: npm run deploy registers it for the URL that show-connection prints, and for another with -c gatewayUrl=URL.`,
    scopesFix: COMMON_SCOPES_FIX,
  },
  {
    name: "opencode",
    asksFor: /\/mcp\/oauth\/callback$/,
    callbackFix: (registered) =>
      `Leave oauth.redirectUri out of opencode.json: it asks for ${registered} by itself.`,
    scopesFix: COMMON_SCOPES_FIX,
  },
  {
    name: "mcp-remote",
    asksFor: /^http:\/\/localhost:3334\/oauth\/callback$/,
    callbackFix: (registered) => `Give it the port of ${registered} after the URL.`,
    scopesFix: COMMON_SCOPES_FIX,
  },
  {
    name: "MCP Inspector",
    asksFor: /:627[46]\/oauth\/callback$/,
    callbackFix: (registered) => `Give it --callback-url ${registered}.`,
    scopesFix: COMMON_SCOPES_FIX,
  },
  {
    name: "gemini-cli",
    asksFor: /\/oauth\/callback$/,
    callbackFix: (registered) =>
      `Set "redirectUri": "${registered}" in the server's oauth block of ~/.gemini/settings.json; without it the port is another each time. (If this is mcp-remote: give it the port 3334 after the URL.)`,
    scopesFix:
      'Set "scopes": ["smarthome-gateway/read", "smarthome-gateway/write"] in the server\'s oauth block of ~/.gemini/settings.json: gemini-cli asks for what the sign-in server lists, whatever the gateway advertises.',
    later:
      'If it then says "Missing issuer parameter in response": set authorizationUrl and tokenUrl in the same block. Cognito sends no iss, and gemini-cli wants one as soon as it has found the issuer by itself.',
  },
  {
    name: "Claude Code",
    asksFor: /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?\/callback$/,
    callbackFix: (registered) =>
      `Add the server again with --callback-port ${new URL(registered).port}; without it the port is another each time.`,
    scopesFix:
      "Bring Claude Code up to date: until 2.1.196 it asked for all that the sign-in server lists.",
  },
  {
    name: "Claude on the web",
    asksFor: /^https:\/\/claude\.(?:ai|com)\//,
    callbackFix: () =>
      "Enter the id of the app client for Claude's web app, not that of the local tools.",
    scopesFix: `${COMMON_SCOPES_FIX} Then delete the connector and make it again: Claude remembers the old ones.`,
  },
];

/** With --asked: which program opened this address, what becomes of it, and what that program has to be told. */
export const checkAsked: Check = async (walk) => {
  if (walk.asked === undefined) return [];
  const { searchParams } = new URL(walk.asked);
  const callback = searchParams.get("redirect_uri") ?? "";
  const clientId = searchParams.get("client_id") ?? "";
  const scopes = splitScopes(searchParams.get("scope"));
  const program = PROGRAMS.find(({ asksFor }) => asksFor.test(callback));
  const name = program?.name ?? "This program";
  const client: Client = { name, clientId, use: "person", callbacks: [callback] };
  const reception = await askToAuthorize(walk, client, callback, scopes);
  if (reception === undefined) return [];
  const found = (finding: Omit<Finding, "exchange">): readonly Finding[] => [
    { ...finding, exchange: reception.exchange },
  ];
  const registered = KNOWN_CLIENTS.find((known) => known.name === program?.name)
    ?.callbacks(walk.url)
    .at(0);
  if (reception.kind === "redirect_refused") {
    return found({
      code: "AskedForOtherCallback",
      status: "failure",
      summary: `${name} wants people sent back to ${callback}, which is not registered: the person sees an error page.`,
      fix:
        program?.callbackFix(registered ?? callback) ??
        `Add ${callback} to the callback URLs of client ${clientId}, letter by letter, port included.`,
    });
  }
  if (reception.kind === "client_unknown") {
    return found({
      code: "AskedAsUnknownClient",
      status: "failure",
      summary: `${name} calls itself client ${clientId || "(none)"}, which the sign-in server does not know (“${reception.said}”).`,
      fix: "Give it the id of the app client for local tools: this sign-in server registers no clients by itself.",
    });
  }
  if (reception.kind === "scope_refused") {
    return found({
      code: "AskedForOtherScopes",
      status: "failure",
      summary: `${name} asks for ${scopes?.join(" ") ?? "nothing"}, and the sign-in server refuses (“${reception.said}”).`,
      fix: program?.scopesFix ?? COMMON_SCOPES_FIX,
    });
  }
  if (reception.kind !== "accepted") {
    return found({
      code: "AskedInVain",
      status: "failure",
      summary: `What ${name} asks is refused: ${reception.said}.`,
      fix: `Look up “${reception.said}” in the sign-in server's settings for client ${clientId}.`,
    });
  }
  return found({
    code: "AskedWell",
    status: program?.later === undefined ? "ok" : "warning",
    summary: `${name} asks as it should, for ${scopes?.join(" ") ?? "all scopes of its client"}.`,
    ...(program?.later === undefined ? {} : { fix: program.later }),
  });
};
