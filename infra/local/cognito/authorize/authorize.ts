// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { CognitoContext } from "../pool/context.ts";
import { findSession, SESSION_COOKIE, type Session } from "../pool/sessions.ts";
import { type Checked, checkAuthorize } from "./authorize-checks.ts";
import type { AuthorizeRequest, RedirectError } from "./authorize-request.ts";
import { issueCode } from "./codes.ts";

/** GET /oauth2/authorize: to the client with a code when there is a session, to the sign-in page else. */
export const getAuthorize =
  (cognito: CognitoContext) =>
  (c: Context): Response => {
    const { search, searchParams } = new URL(c.req.url);
    const checked = checkAuthorize(cognito, searchParams);
    if (!checked.ok) return c.redirect(refusalOf(cognito, checked));
    const { request } = checked;
    const prompt = request.parameters.get("prompt");
    const session = findSession(cognito, request.pool, getCookie(c, SESSION_COOKIE));
    if (session !== undefined && prompt !== "login") {
      return c.redirect(withCode(cognito, request, session));
    }
    if (prompt === "none") return c.redirect(withError(request, { error: "login_required" }));
    return c.redirect(`${cognito.origin}/login${search}`);
  };

/** Where a request that was refused goes. */
export const refusalOf = (
  cognito: CognitoContext,
  refused: Extract<Checked, { ok: false }>,
): string => {
  if ("error" in refused) return withError(refused.request, refused.error);
  const query = new URLSearchParams({ error: refused.page });
  if (refused.clientId !== undefined) query.set("client_id", refused.clientId);
  return `${cognito.origin}/error?${query}`;
};

/** The redirect address with a fresh code. */
export const withCode = (
  cognito: CognitoContext,
  request: AuthorizeRequest,
  session: Session,
): string =>
  withParameters(request, [["code", issueCode(cognito, request, session)], stateOf(request)]);

// Cognito writes the description first and the error last.
const withError = (
  request: Pick<AuthorizeRequest, "redirectUri" | "parameters">,
  { error, description }: RedirectError,
): string =>
  withParameters(request, [["error_description", description], stateOf(request), ["error", error]]);

const stateOf = ({ parameters }: Pick<AuthorizeRequest, "parameters">) =>
  ["state", parameters.get("state")] as const;

const withParameters = (
  { redirectUri }: Pick<AuthorizeRequest, "redirectUri">,
  added: readonly (readonly [string, string | undefined])[],
): string => {
  const query = new URLSearchParams();
  for (const [name, value] of added) if (value !== undefined) query.append(name, value);
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${query}`;
};
