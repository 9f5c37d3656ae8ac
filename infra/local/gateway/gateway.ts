import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { listen } from "#local/wire/http.ts";
import { isLoopbackOrigin } from "#local/wire/loopback.ts";
import { bucket } from "./configuration/bucket.ts";
import { parseGateway } from "./configuration/parse-gateway.ts";
import { parseRateLimit } from "./configuration/parse-rate-limit.ts";
import { parseTarget } from "./configuration/parse-target.ts";
import { rateLimiter } from "./configuration/rate-limit.ts";
import { handle } from "./handle.ts";
import { type Admission, createAdmission } from "./request/admission.ts";
import { type Answer, errorAnswer, INTERNAL_ERROR } from "./request/answer.ts";
import { type GatewayContext, MCP_PATH } from "./request/context.ts";
import { tokenIssuer } from "./request/token-issuer.ts";

export interface GatewayOptions {
  readonly port: number;
  readonly gatewayId: string;
  /** Resolved properties of the AWS::BedrockAgentCore::Gateway. */
  readonly properties: unknown;
  /** Resolved properties of each AWS::BedrockAgentCore::GatewayTarget. */
  readonly targets: readonly { readonly targetId: string; readonly properties: unknown }[];
  /** Where a URL of AWS is found on this machine, as DNS would say it. */
  readonly rewriteUrl?: (url: string) => string;
  /** Credentials of the gateway's role: functions are invoked with them. */
  readonly access: AwsAccess;
  /** Resolved properties of each AWS::BedrockAgentCore::GatewayRateLimit. */
  readonly rateLimits?: readonly { readonly rateLimitId: string; readonly properties: unknown }[];
  /** Calls a second for each of tools/call and tools/list; 200 as at AWS. */
  readonly callsPerSecond?: number;
  /** What holds calls back while the machine is busy; by this machine's own cores where absent. */
  readonly admission?: Admission;
  readonly log?: (line: string) => void;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** A running local gateway. */
export interface Gateway {
  /** `http://localhost:PORT/mcp` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a gateway of the template: MCP over streamable HTTP for callers with a token, in front of Lambda functions. */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const now = options.now ?? Date.now;
  const perSecond = options.callsPerSecond ?? 200;
  const configuration = parseGateway(options.gatewayId, options.properties);
  const { discoveryUrl } = configuration.authorizer;
  const gateway: GatewayContext = {
    gatewayId: options.gatewayId,
    configuration,
    targets: options.targets.map(({ targetId, properties }) => parseTarget(targetId, properties)),
    issuer: tokenIssuer(discoveryUrl, options.rewriteUrl ?? ((url) => url), now),
    access: options.access,
    rateLimiter: rateLimiter(
      (options.rateLimits ?? []).map((limit) =>
        parseRateLimit(limit.rateLimitId, limit.properties),
      ),
      now,
    ),
    quota: new Map(
      ["tools/call", "tools/list"].map((method) => [method, bucket(perSecond, 1, now)]),
    ),
    admission: options.admission ?? createAdmission(),
    now,
    log: options.log ?? (() => undefined),
  };
  const what = { name: "the gateway", option: "--gateway-port" };
  const listening = await listen(
    (request, response) => void respond(gateway, request, response),
    options.port,
    what,
  );
  let closed: Promise<void> | undefined;
  return {
    url: `${listening.url}${MCP_PATH}`,
    close: () => {
      closed ??= listening.close();
      return closed;
    },
  };
};

const respond = async (
  gateway: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const answer = await handle(gateway, request).catch((error: unknown): Answer => {
    gateway.log(
      `${request.method} failed: ${error instanceof Error ? error.stack : String(error)}`,
    );
    return errorAnswer(null, { code: -32_603, message: INTERNAL_ERROR }, 500);
  });
  if (response.destroyed) return;
  const { origin } = request.headers;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status === 204 ? {} : { "content-length": String(Buffer.byteLength(answer.body)) }),
    "x-content-type-options": "nosniff",
    ...(origin !== undefined && isLoopbackOrigin(origin) ? corsHeaders(origin) : {}),
  });
  response.end(answer.body);
  // What was not read (a refused request's body) must not be taken for the next request.
  if (!request.readableEnded) request.resume();
};

const corsHeaders = (origin: string): Record<string, string> => ({
  "access-control-allow-origin": origin,
  "access-control-expose-headers": "www-authenticate, mcp-session-id",
  vary: "origin",
});
