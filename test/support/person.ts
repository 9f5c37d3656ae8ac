import { createHash, randomBytes } from "node:crypto";
import type { Endpoints } from "../../scripts/command/endpoints.ts";
import { browser } from "../local/cognito/support.ts";

/** The first address that smarthome-local-client may return to, as Claude Code uses it. */
export const LOCAL_CALLBACK = "http://localhost:8765/callback";

/** The answer of the token endpoint. */
export interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token: string;
}

/** Somebody of the house, at the sign-in page. */
export interface Person {
  /** Does what a person does with an authorization address: signs in, and is sent on to the address that it gives. */
  signIn(authorizeUrl: string): Promise<URL>;
  /** Signs in for some scopes, as a tool on the person's computer would, with PKCE; `more` goes to the token endpoint too, a `resource` to both. */
  tokens(scope: string, more?: Readonly<Record<string, string>>): Promise<Tokens>;
  /** The tokens that a refresh token gives. */
  refresh(refreshToken: string): Promise<Tokens>;
}

/** One of the users that the house was made with, or a later one whose password is known. */
export const personOf = (
  { cognito }: Endpoints,
  username: string,
  knownPassword?: string,
): Person => {
  const password =
    knownPassword ?? cognito.users.find((user) => user.username === username)?.password;
  if (password === undefined) throw new Error(`nobody here is called ${username}`);
  const client_id = cognito.clients.local.clientId;
  const signIn = async (authorizeUrl: string): Promise<URL> => {
    const session = browser(cognito.domain);
    const form = await session.visit(authorizeUrl);
    // A request that is refused leads to no form.
    if (!form.html.includes("<h1>Sign in</h1>")) return new URL(form.url);
    const done = await session.submit(form, { username, password });
    return new URL(done.url);
  };
  const ask = async (fields: Readonly<Record<string, string>>): Promise<Tokens> => {
    const body = new URLSearchParams({ client_id, ...fields });
    const response = await fetch(`${cognito.domain}/oauth2/token`, { method: "POST", body });
    if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
    return (await response.json()) as Tokens;
  };
  return {
    signIn,
    tokens: async (scope, more = {}) => {
      const verifier = randomBytes(32).toString("base64url");
      const query = new URLSearchParams({
        response_type: "code",
        client_id,
        redirect_uri: LOCAL_CALLBACK,
        scope,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        ...(more.resource === undefined ? {} : { resource: more.resource }),
      });
      const callback = await signIn(`${cognito.domain}/oauth2/authorize?${query}`);
      return ask({
        ...more,
        grant_type: "authorization_code",
        redirect_uri: LOCAL_CALLBACK,
        code: callback.searchParams.get("code") ?? "",
        code_verifier: verifier,
      });
    },
    refresh: (refresh_token) => ask({ grant_type: "refresh_token", refresh_token }),
  };
};
