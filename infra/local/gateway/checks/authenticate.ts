// https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html
import type { IncomingMessage } from "node:http";
import { errors, type JWTPayload, jwtVerify } from "jose";
import { type Answer, errorAnswer, INTERNAL_ERROR } from "../request/answer.ts";
import type { GatewayContext } from "../request/context.ts";
import { challenge } from "./challenge.ts";
import { isMeantForGateway } from "./is-meant-for-gateway.ts";

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The claims of a token that the issuer signed, that is valid now, and that the authorizer allows; else the refusal. */
export const authenticate = async (
  gateway: GatewayContext,
  request: IncomingMessage,
): Promise<{ readonly claims: JWTPayload } | Answer> => {
  const [, token] = BEARER.exec(request.headers.authorization ?? "") ?? [];
  const verified = token === undefined ? "bad" : await verify(gateway, token);
  if (verified === "bad") return challenge(gateway, request, "invalid_token");
  if (verified === "unknown") return UNAVAILABLE;
  const issuer = await gateway.issuer.name();
  // Another issuer with the same keys is a 403 at AgentCore, not a 401.
  return verified.iss === issuer && isMeantForGateway(gateway.configuration.authorizer, verified)
    ? { claims: verified }
    : challenge(gateway, request, "insufficient_scope");
};

const UNAVAILABLE: Answer = errorAnswer(null, { code: -32_603, message: INTERNAL_ERROR }, 500);

const verify = async (
  gateway: GatewayContext,
  token: string,
): Promise<JWTPayload | "bad" | "unknown"> => {
  const currentDate = new Date(gateway.now());
  try {
    const { payload } = await jwtVerify(token, gateway.issuer.key, {
      algorithms: ["RS256"],
      currentDate,
      requiredClaims: ["exp", "iss"],
    });
    // jose looks at iat only together with a maximum age. 5 s for clocks that differ.
    const issuedInFuture = (payload.iat ?? 0) > currentDate.getTime() / 1000 + 5;
    return issuedInFuture ? "bad" : payload;
  } catch (error) {
    if (isTokensFault(error)) return "bad";
    gateway.log(`cannot verify a token: ${error instanceof Error ? error.message : String(error)}`);
    return "unknown";
  }
};

// Everything that jose says about the token itself; a timeout or a broken key document is not its fault.
const isTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  !(error instanceof errors.JWKSInvalid) &&
  error.code !== "ERR_JOSE_GENERIC";
