// https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
import type { Context } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { refusalOf } from "../authorize/authorize.ts";
import { checkAuthorize } from "../authorize/authorize-checks.ts";
import { parametersOf } from "../oauth/form.ts";
import { type CognitoContext, findClient } from "../pool/context.ts";
import { endSession, SESSION_COOKIE } from "../pool/sessions.ts";

/** GET /logout: ends the session, then goes to a registered logout address or back to the sign-in page. */
export const getLogout =
  (cognito: CognitoContext) =>
  (c: Context): Response => {
    const { search, searchParams } = new URL(c.req.url);
    const parameters = parametersOf(searchParams);
    const logoutUri = parameters?.get("logout_uri");
    let next: string;
    if (logoutUri !== undefined) {
      const found = findClient(cognito, parameters?.get("client_id") ?? "");
      if (!found?.client.logoutUrls.includes(logoutUri)) {
        return c.redirect(`${cognito.origin}/error?error=redirect_mismatch`);
      }
      next = logoutUri;
    } else {
      const checked = checkAuthorize(cognito, searchParams);
      if (!checked.ok) return c.redirect(refusalOf(cognito, checked));
      next = `${cognito.origin}/login${search}`;
    }
    endSession(cognito, getCookie(c, SESSION_COOKIE));
    deleteCookie(c, SESSION_COOKIE, { path: "/" });
    return c.redirect(next);
  };
