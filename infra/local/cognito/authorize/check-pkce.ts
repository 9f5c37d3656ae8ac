import type { ClientCheck } from "./authorize-request.ts";

// RFC 7636 §4.2: the base64url of 32 bytes.
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** PKCE is optional at Cognito; who uses it must use S256, whole. */
export const checkPkce: ClientCheck = ({ parameters }) => {
  const challenge = parameters.get("code_challenge");
  const method = parameters.get("code_challenge_method");
  if (challenge === undefined && method === undefined) return undefined;
  return method === "S256" && challenge !== undefined && CHALLENGE.test(challenge)
    ? undefined
    : { error: "invalid_request" };
};
