import type { Configuration } from "../../model/configuration.ts";
import "../../model/jitless.ts";
import * as z from "zod";

/** What Cognito gave; kept in memory alone. */
export interface Tokens {
  readonly access: string;
  readonly refresh?: string;
}

// Across the way to the sign-in page and back the tab keeps what proves that it was this tab that asked. No token.
const PENDING = "sign-in";
/** Set while somebody is signed in in this tab: a reload asks Cognito again, whose session answers at once. */
const WAS_IN = "was-signed-in";

/** Whoever signs out does not wait longer than this for the refresh token to be taken back. */
const LONGEST_REVOCATION_MS = 5_000;

const pending = z.object({ state: z.string(), verifier: z.string(), href: z.string() });

/** Was somebody signed in in this tab when it was left? */
export const wasSignedIn = (): boolean => sessionStorage.getItem(WAS_IN) !== null;

const metadataOf = (to: Configuration) => ({
  issuer: to.issuer,
  authorization_endpoint: to.authorizationEndpoint,
  token_endpoint: to.tokenEndpoint,
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none"],
});

// Asked for only now: the first paint needs no MCP client.
const oauth = () => import("./oauth.ts");

/** Leaves for the sign-in page; comes back to `href`. (RFC 7636) */
export const leaveForSignIn = async (to: Configuration, href: string): Promise<void> => {
  const { startAuthorization } = await oauth();
  const state = crypto.randomUUID();
  const { authorizationUrl, codeVerifier } = await startAuthorization(to.issuer, {
    metadata: metadataOf(to),
    clientInformation: { client_id: to.clientId },
    redirectUrl: to.redirectUri,
    scope: to.scopes.join(" "),
    state,
  });
  sessionStorage.setItem(PENDING, JSON.stringify({ state, verifier: codeVerifier, href }));
  location.assign(authorizationUrl);
};

/** What came of the way to the sign-in page. */
export type Return =
  | { readonly is: "none" }
  | { readonly is: "in"; readonly tokens: Tokens; readonly href: string }
  | { readonly is: "refused"; readonly why: string };

/** Reads the address that the sign-in page sent the reader back to, and changes its code for tokens. */
export const returnFromSignIn = async (
  to: Configuration,
  query: URLSearchParams,
): Promise<Return> => {
  const code = query.get("code");
  const refused = query.get("error");
  if (code === null && refused === null) return { is: "none" };
  const stored = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const asked = stored === null ? undefined : pending.safeParse(JSON.parse(stored)).data;
  if (asked === undefined || asked.state !== query.get("state")) {
    return { is: "refused", why: "state" };
  }
  if (code === null) return { is: "refused", why: refused ?? "" };
  const { exchangeAuthorization } = await oauth();
  try {
    const iss = query.get("iss");
    const tokens = await exchangeAuthorization(to.issuer, {
      metadata: metadataOf(to),
      clientInformation: { client_id: to.clientId },
      authorizationCode: code,
      codeVerifier: asked.verifier,
      redirectUri: to.redirectUri,
      ...(iss === null ? {} : { iss }),
      fetchFn: withoutCredentials,
    });
    sessionStorage.setItem(WAS_IN, "yes");
    return { is: "in", tokens: kept(tokens), href: asked.href };
  } catch (error) {
    return { is: "refused", why: error instanceof Error ? error.message : String(error) };
  }
};

/** New tokens for old; undefined when the sign-in is over. */
export const refreshed = async (to: Configuration, tokens: Tokens): Promise<Tokens | undefined> => {
  if (tokens.refresh === undefined) return undefined;
  const { refreshAuthorization, OAuthError } = await oauth();
  try {
    return kept(
      await refreshAuthorization(to.issuer, {
        metadata: metadataOf(to),
        clientInformation: { client_id: to.clientId },
        refreshToken: tokens.refresh,
        fetchFn: withoutCredentials,
      }),
    );
  } catch (error) {
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
};

/** Takes the tokens back, and leaves for Cognito's logout, which ends its own session and comes back. */
export const leaveForSignOut = async (to: Configuration, tokens: Tokens): Promise<void> => {
  sessionStorage.removeItem(WAS_IN);
  try {
    await revoke(to, tokens);
  } catch (error) {
    // The page is left all the same: the access token is gone with it, and the refresh token was in memory alone.
    console.warn(error);
  }
  const out = new URL(to.logoutEndpoint);
  out.searchParams.set("client_id", to.clientId);
  out.searchParams.set("logout_uri", to.redirectUri);
  location.assign(out);
};

const revoke = async (to: Configuration, { refresh }: Tokens): Promise<void> => {
  if (refresh === undefined) return;
  await withoutCredentials(to.revocationEndpoint, {
    method: "POST",
    body: new URLSearchParams({ token: refresh, client_id: to.clientId }),
    signal: AbortSignal.timeout(LONGEST_REVOCATION_MS),
  });
};

const kept = (given: {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
}): Tokens => ({
  access: given.access_token,
  ...(given.refresh_token === undefined ? {} : { refresh: given.refresh_token }),
});

// Cognito's token endpoint answers other origins, but not with cookies.
const withoutCredentials = (url: string | URL, init?: RequestInit): Promise<Response> =>
  fetch(url, { ...init, credentials: "omit", cache: "no-store" });
