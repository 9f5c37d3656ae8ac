import { createHash, timingSafeEqual } from "node:crypto";
import type { Parameters } from "../oauth/form.ts";
import { OAuthError } from "../oauth/oauth-error.ts";
import { type CognitoContext, findClient, type PoolClient } from "../pool/context.ts";

interface Presented {
  readonly clientId: string;
  readonly secret?: string;
}

const BASIC = /^Basic +([A-Za-z0-9+/=_-]+)$/i;

// RFC 6749 §2.3.1: both halves are form-encoded before they are joined, and clients do it (`-` comes as %2D).
const formDecode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new OAuthError("invalid_client");
  }
};

const fromHeader = (header: string): Presented => {
  const [, encoded] = BASIC.exec(header) ?? [];
  const text = Buffer.from(encoded ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) throw new OAuthError("invalid_client");
  return { clientId: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) };
};

const presented = (authorization: string | undefined, form: Parameters): Presented => {
  const clientId = form.get("client_id");
  const secret = form.get("client_secret");
  if (authorization !== undefined) {
    const header = fromHeader(authorization);
    // Two ways at once is an error (RFC 6749 §2.3), two names a disguise.
    if (secret !== undefined) throw new OAuthError("invalid_request");
    if (clientId !== undefined && clientId !== header.clientId) {
      throw new OAuthError("invalid_client");
    }
    return header;
  }
  if (clientId === undefined || clientId === "") throw new OAuthError("invalid_request");
  return secret === undefined ? { clientId } : { clientId, secret };
};

const same = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());

/**
 * The client that sent a form, by client_secret_basic or client_secret_post, or by its id alone when
 * it has no secret.
 * @throws OAuthError `invalid_client` or `invalid_request`.
 */
export const authenticateClient = (
  cognito: CognitoContext,
  authorization: string | undefined,
  form: Parameters,
): PoolClient => {
  const { clientId, secret } = presented(authorization, form);
  const found = findClient(cognito, clientId);
  if (found === undefined) throw new OAuthError("invalid_client");
  if (found.client.hasSecret) {
    if (secret === undefined || !same(secret, cognito.secrets.clientSecret(clientId))) {
      throw new OAuthError("invalid_client");
    }
  } else if (secret !== undefined && secret !== "") {
    throw new OAuthError("invalid_client");
  }
  return found;
};
