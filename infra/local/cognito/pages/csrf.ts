import { timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Parameters } from "../oauth/form.ts";
import { randomToken } from "../pool/secrets.ts";

const COOKIE = "XSRF-TOKEN";

/** The token for the forms of this browser: the one it has, or a new one. */
export const csrfToken = (c: Context): string => {
  const known = getCookie(c, COOKIE);
  if (known !== undefined && /^[\w-]{43}$/.test(known)) return known;
  const token = randomToken();
  setCookie(c, COOKIE, token, { path: "/", httpOnly: true, sameSite: "Lax" });
  return token;
};

/**
 * Whether a form was sent from our own page: the hidden field equals the cookie, and the browser says
 * the same of its origin. Cookies do not tell ports apart, so another local server could set one.
 */
export const isOwnForm = (c: Context, form: Parameters): boolean => {
  const cookie = Buffer.from(getCookie(c, COOKIE) ?? "");
  const field = Buffer.from(form.get("_csrf") ?? "");
  const origin = c.req.header("origin");
  return (
    cookie.length > 0 &&
    cookie.length === field.length &&
    timingSafeEqual(cookie, field) &&
    (origin === undefined || origin === new URL(c.req.url).origin)
  );
};
