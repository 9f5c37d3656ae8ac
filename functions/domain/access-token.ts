import { type Caller, fullScope } from "./caller.ts";
import { isObject } from "./json.ts";

/**
 * Reads who called out of a Cognito access token that has ALREADY been verified: the gateway checks issuer, signature,
 * expiry and client before an interceptor runs. Fails closed: `undefined` for anything that is not such a token.
 */
export const callerOfVerifiedToken = (token: string): Caller | undefined => {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  let claims: unknown;
  try {
    claims = JSON.parse(fromBase64Url(payload));
  } catch {
    return undefined;
  }
  if (!isObject(claims) || claims.token_use !== "access") return undefined;
  const { sub, client_id, username, scope } = claims;
  if (typeof sub !== "string" || sub === "" || typeof client_id !== "string") return undefined;
  const granted = typeof scope === "string" ? scope.split(" ") : [];
  return {
    sub,
    clientId: client_id,
    ...(typeof username === "string" ? { username } : {}),
    scopes: (["read", "write"] as const).filter((one) => granted.includes(fullScope(one))),
  };
};

const fromBase64Url = (text: string): string => {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
};
