// https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import { refusalOf, withCode } from "../authorize/authorize.ts";
import { checkAuthorize } from "../authorize/authorize-checks.ts";
import type { AuthorizeRequest } from "../authorize/authorize-request.ts";
import { readForm } from "../oauth/form.ts";
import { type CognitoContext, epochSeconds } from "../pool/context.ts";
import { SESSION_COOKIE, SESSION_SECONDS, startSession } from "../pool/sessions.ts";
import type { User } from "../pool/users.ts";
import { csrfToken, isOwnForm } from "./csrf.ts";
import { loginPage } from "./login-page.ts";
import { CHALLENGE_COOKIE, CHALLENGE_SECONDS, startChallenge } from "./new-password-challenge.ts";
import { pageHeaders } from "./page.ts";
import { signIn } from "./sign-in.ts";

/** Every cookie of the pages: this host only, out of reach of scripts, not sent along by other sites' forms. */
export const cookieOptions = (maxAge: number) =>
  ({ path: "/", httpOnly: true, sameSite: "Lax", maxAge }) as const;

/** GET /login: the form, for a request that passes every check of /oauth2/authorize. */
export const getLogin =
  (cognito: CognitoContext) =>
  (c: Context): Response | Promise<Response> => {
    const { searchParams } = new URL(c.req.url);
    const checked = checkAuthorize(cognito, searchParams);
    return checked.ok ? show(c, checked.request, {}) : c.redirect(refusalOf(cognito, checked));
  };

/** POST /login: to the client with a code, to the new password, or back to the form. */
export const postLogin =
  (cognito: CognitoContext) =>
  async (c: Context): Promise<Response> => {
    const { search, searchParams } = new URL(c.req.url);
    const checked = checkAuthorize(cognito, searchParams);
    if (!checked.ok) return c.redirect(refusalOf(cognito, checked));
    const { request } = checked;
    const form = await readForm(c);
    const username = form.get("username") ?? "";
    // A stale form is far more likely than an attack: it is shown again, and nothing was tried.
    if (!isOwnForm(c, form)) {
      return show(c, request, { username, error: "Please try again." }, 403);
    }
    const result = await signIn(cognito, request, username, form.get("password") ?? "");
    switch (result.outcome) {
      case "signed-in":
        return signedIn(cognito, c, request, result.user);
      case "new-password-required":
        setCookie(
          c,
          CHALLENGE_COOKIE,
          startChallenge(cognito, result.user),
          cookieOptions(CHALLENGE_SECONDS),
        );
        return c.redirect(`${cognito.origin}/newPassword${search}`);
      case "refused":
        return show(c, request, { username, error: result.why });
      default:
        return result satisfies never;
    }
  };

/** Starts the session and sends the browser back to the client. */
export const signedIn = (
  cognito: CognitoContext,
  c: Context,
  request: AuthorizeRequest,
  user: User,
): Response => {
  setCookie(c, SESSION_COOKIE, startSession(cognito, user), cookieOptions(SESSION_SECONDS));
  return c.redirect(withCode(cognito, request, { user, authTime: epochSeconds(cognito) }));
};

const show = (
  c: Context,
  { client, redirectUri }: AuthorizeRequest,
  state: { readonly username?: string; readonly error?: string },
  status: 200 | 403 = 200,
): Response | Promise<Response> => {
  const { search } = new URL(c.req.url);
  const form = { clientName: client.name, search, csrf: csrfToken(c), ...state };
  return c.html(loginPage(form), status, { ...pageHeaders(redirectUri) });
};
