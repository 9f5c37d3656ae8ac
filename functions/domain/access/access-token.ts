import { isObject } from "#domain/json.ts";
import { type Caller, fullScope } from "./caller.ts";

/**
 * Reads who called out of a Cognito access token that has ALREADY been verified: the gateway checks issuer, signature,
 * expiry and client before an interceptor runs. Fails closed: `undefined` for anything that is not such a token.
 */
export const callerOfVerifiedToken = (token: string): Caller | undefined => {
  const claims = claimsOf(token);
  if (claims?.token_use !== "access") return undefined;
  const { sub, client_id, username, scope } = claims;
  if (!isIdentifier(sub) || !isIdentifier(client_id)) return undefined;
  const granted = typeof scope === "string" ? scope.split(" ") : [];
  return {
    sub,
    clientId: client_id,
    ...(typeof username === "string" ? { username } : {}),
    scopes: (["read", "write"] as const).filter((one) => granted.includes(fullScope(one))),
  };
};

/** The groups of the user pool that such a token names; none for a machine's. They tell what to show, not what is allowed. */
export const groupsOfVerifiedToken = (token: string): readonly string[] => {
  const groups = claimsOf(token)?.["cognito:groups"];
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
};

/** Whom such a token is meant for; nobody in particular where it does not say, as a machine's. (RFC 8707 §2) */
export const audienceOfVerifiedToken = (token: string): readonly string[] => {
  const audience = claimsOf(token)?.aud;
  return (Array.isArray(audience) ? audience : [audience]).filter((one) => typeof one === "string");
};

const claimsOf = (token: string): Readonly<Record<string, unknown>> | undefined => {
  const [, payload, signature, ...more] = token.split(".");
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  let claims: unknown;
  try {
    claims = JSON.parse(fromBase64Url(payload));
  } catch {
    return undefined;
  }
  return isObject(claims) ? claims : undefined;
};

// Cognito's are UUIDs and lower-case letters with digits; what is not plain ASCII could not travel in a header.
const isIdentifier = (value: unknown): value is string =>
  typeof value === "string" && /^[\x21-\x7e]{1,256}$/.test(value);

const fromBase64Url = (text: string): string => {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder("utf-8", { fatal: true }).decode(
    Uint8Array.from(binary, (c) => c.charCodeAt(0)),
  );
};
