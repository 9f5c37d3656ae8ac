import type { Context } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { refusalOf } from "../authorize/authorize.ts";
import { checkAuthorize } from "../authorize/authorize-checks.ts";
import type { AuthorizeRequest } from "../authorize/authorize-request.ts";
import { readForm } from "../oauth/form.ts";
import type { CognitoContext } from "../pool/context.ts";
import { hashPassword, passwordWeakness, verifyPassword } from "../pool/password.ts";
import { setPassword, type User } from "../pool/users.ts";
import { csrfToken, isOwnForm } from "./csrf.ts";
import { signedIn } from "./login.ts";
import { CHALLENGE_COOKIE, endChallenges, findChallenge } from "./new-password-challenge.ts";
import { newPasswordPage } from "./new-password-page.ts";
import { pageHeaders } from "./page.ts";

/** GET and POST /newPassword: the password that replaces a temporary one, then on to the client. */
export const newPassword =
  (cognito: CognitoContext) =>
  async (c: Context): Promise<Response> => {
    const { search, searchParams } = new URL(c.req.url);
    const checked = checkAuthorize(cognito, searchParams);
    if (!checked.ok) return c.redirect(refusalOf(cognito, checked));
    const { request } = checked;
    const user = findChallenge(cognito, request.pool, getCookie(c, CHALLENGE_COOKIE));
    // Too late, or never asked: the temporary password is asked for again.
    if (user === undefined) return c.redirect(`${cognito.origin}/login${search}`);
    if (c.req.method === "GET") return show(c, request, user);
    const form = await readForm(c);
    if (!isOwnForm(c, form)) return show(c, request, user, "Please try again.", 403);
    const password = form.get("new_password") ?? "";
    const problem =
      password === form.get("confirm_password")
        ? (passwordWeakness(password, request.pool.passwordPolicy) ??
          (await sameAsBefore(user, password)))
        : "The two passwords are not the same.";
    if (problem !== undefined) return show(c, request, user, problem);
    const hash = await hashPassword(password);
    // Hashing takes a while: someone else may have used the challenge meanwhile.
    if (findChallenge(cognito, request.pool, getCookie(c, CHALLENGE_COOKIE)) === undefined) {
      return c.redirect(`${cognito.origin}/login${search}`);
    }
    setPassword(cognito.store, user, hash, true, cognito.now());
    endChallenges(cognito, user);
    deleteCookie(c, CHALLENGE_COOKIE, { path: "/" });
    return signedIn(cognito, c, request, { ...user, status: "CONFIRMED" });
  };

const sameAsBefore = async (user: User, password: string): Promise<string | undefined> =>
  (await verifyPassword(password, user.passwordHash))
    ? "Choose another password than the temporary one."
    : undefined;

const show = (
  c: Context,
  { pool, redirectUri }: AuthorizeRequest,
  { username }: User,
  error?: string,
  status: 200 | 403 = 200,
): Response | Promise<Response> => {
  const { search } = new URL(c.req.url);
  const form = { username, search, csrf: csrfToken(c), policy: pool.passwordPolicy };
  return c.html(newPasswordPage(error === undefined ? form : { ...form, error }), status, {
    ...pageHeaders(redirectUri),
  });
};
