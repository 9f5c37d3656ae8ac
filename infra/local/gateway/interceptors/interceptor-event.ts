// https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-types.html
import type { IncomingMessage } from "node:http";
import type { Interceptor } from "../configuration/configuration.ts";
import { type Arrived, pathOf } from "../request/context.ts";

/** The response that a RESPONSE interceptor may change. */
export interface Outgoing {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The event of an interceptor; without a response it is a REQUEST interceptor's. */
export const interceptorEvent = (
  interceptor: Interceptor,
  { request, text, document }: Arrived,
  outgoing?: Outgoing,
): Record<string, unknown> => ({
  interceptorInputVersion: "1.0",
  mcp: {
    rawGatewayRequest: { body: text },
    gatewayRequest: {
      path: pathOf(request),
      httpMethod: request.method,
      ...(interceptor.passesRequestHeaders ? { headers: headersOf(request) } : {}),
      body: document,
    },
    gatewayResponse: outgoing === undefined ? null : withoutBody(interceptor, outgoing),
  },
});

const withoutBody = (interceptor: Interceptor, outgoing: Outgoing): Partial<Outgoing> => {
  const { statusCode, headers } = outgoing;
  return interceptor.withoutResponseBody ? { statusCode, headers } : outgoing;
};

// With the names as the client wrote them: an interceptor must not rely on their case.
const headersOf = (request: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  const names = new Map<string, string>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const written = request.rawHeaders[index] ?? "";
    const value = request.rawHeaders[index + 1] ?? "";
    const name = names.get(written.toLowerCase()) ?? written;
    names.set(written.toLowerCase(), name);
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
};
