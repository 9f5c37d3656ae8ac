import type { Context } from "hono";
import { OAuthError } from "./oauth-error.ts";

/** Parameters of which each occurs at most once. */
export type Parameters = ReadonlyMap<string, string>;

/** The parameters, or nothing when one is repeated: RFC 6749 §3.1 forbids it, and two readers may choose differently. */
export const parametersOf = (text: URLSearchParams): Parameters | undefined => {
  const parameters = new Map<string, string>();
  for (const [name, value] of text) {
    if (parameters.has(name)) return undefined;
    parameters.set(name, value);
  }
  return parameters;
};

const FORM = /^application\/x-www-form-urlencoded(?:\s*;|$)/i;

/**
 * The fields of a posted form.
 * @throws OAuthError `invalid_request` for another content type or a repeated field.
 */
export const readForm = async (c: Context): Promise<Parameters> => {
  if (!FORM.test(c.req.header("content-type") ?? "")) throw new OAuthError("invalid_request");
  const parameters = parametersOf(new URLSearchParams(await c.req.text()));
  if (parameters === undefined) throw new OAuthError("invalid_request");
  return parameters;
};
