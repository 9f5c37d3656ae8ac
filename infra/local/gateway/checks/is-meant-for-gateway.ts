import type { JWTPayload } from "jose";
import type { Authorizer, CustomClaim } from "../configuration/configuration.ts";

/** Whether a valid token satisfies everything that the authorizer sets; what it does not set is not asked. */
export const isMeantForGateway = (authorizer: Authorizer, token: JWTPayload): boolean =>
  isListed(authorizer.allowedAudience, listOf(token.aud)) &&
  isListed(authorizer.allowedClients, listOf(token.client_id)) &&
  isListed(authorizer.allowedScopes, scopesOf(token)) &&
  authorizer.customClaims.every((claim) => satisfies(claim, token[claim.name]));

const isListed = (allowed: readonly string[] | undefined, found: readonly string[]): boolean =>
  allowed === undefined || found.some((value) => allowed.includes(value));

const listOf = (claim: unknown): readonly string[] => {
  if (typeof claim === "string") return [claim];
  return Array.isArray(claim) ? claim.filter((value) => typeof value === "string") : [];
};

// Cognito writes `scope` as one string; others write `scp`, as a string or a list.
const scopesOf = (token: JWTPayload): readonly string[] =>
  listOf(token.scope ?? token.scp).flatMap((text) => text.split(" "));

const satisfies = (claim: CustomClaim, value: unknown): boolean => {
  if (claim.type === "STRING") {
    return typeof value === "string" && claim.operator === "EQUALS" && claim.values.includes(value);
  }
  // A STRING_ARRAY claim must be one: a lone string is not read as a list of one.
  if (!Array.isArray(value)) return false;
  const found = listOf(value);
  switch (claim.operator) {
    case "CONTAINS":
    case "CONTAINS_ANY":
      return claim.values.some((wanted) => found.includes(wanted));
    case "EQUALS":
      return claim.values.length === found.length && claim.values.every((v) => found.includes(v));
    default:
      return claim.operator satisfies never;
  }
};
