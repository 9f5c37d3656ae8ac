import type { IncomingMessage } from "node:http";
import type { JWTPayload } from "jose";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import type { Bucket } from "../configuration/bucket.ts";
import type { GatewayConfiguration, Target } from "../configuration/configuration.ts";
import type { RateLimiter } from "../configuration/rate-limit.ts";
import type { Admission } from "./admission.ts";
import type { Answer } from "./answer.ts";
import type { Message } from "./parse-message.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/** What every check and operation of the local gateway works with. */
export interface GatewayContext {
  readonly gatewayId: string;
  readonly configuration: GatewayConfiguration;
  readonly targets: readonly Target[];
  readonly issuer: TokenIssuer;
  /** Credentials of the gateway's role. */
  readonly access: AwsAccess;
  /** The template's rate limits. */
  readonly rateLimiter: RateLimiter;
  /** The service's own limits, by method. */
  readonly quota: ReadonlyMap<string, Bucket>;
  /** Holds calls back while the machine has nothing left for them. */
  readonly admission: Admission;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** One check of a request's head: an answer ends the request, nothing lets it go on. */
export type Check = (
  gateway: GatewayContext,
  request: IncomingMessage,
) => Answer | undefined | Promise<Answer | undefined>;

/** A message that asks for an answer, the request that it came in, and whom its token speaks for. */
export interface Arrived {
  readonly request: IncomingMessage;
  readonly claims: JWTPayload;
  readonly text: string;
  readonly document: unknown;
  readonly message: Message;
}

/** One check of a message. */
export type MessageCheck = (gateway: GatewayContext, arrived: Arrived) => Answer | undefined;

/** The path without the query, exactly as it was sent. */
export const pathOf = (request: IncomingMessage): string => (request.url ?? "").split("?")[0] ?? "";

/** The gateway's own origin, by the name that the client used for it; `check-host` has seen it. */
export const originOf = (request: IncomingMessage): string => `http://${request.headers.host}`;

/** The MCP endpoint. */
export const MCP_PATH = "/mcp";

/** RFC 9728, as AgentCore serves it and in the form that carries the path. */
export const METADATA_PATHS: readonly string[] = [
  "/.well-known/oauth-protected-resource",
  "/.well-known/oauth-protected-resource/mcp",
];
