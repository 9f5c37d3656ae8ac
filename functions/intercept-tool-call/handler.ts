import { requiredVariable } from "#adapters/environment.ts";
import { observed } from "#adapters/observed.ts";
import { isObject } from "#domain/json.ts";
import { authorizeRequest } from "./authorize-request.ts";
import { shapeResponse } from "./shape-response.ts";

const deployment = {
  auditTableName: requiredVariable("AUDIT_TABLE_NAME"),
  gateway: { name: requiredVariable("GATEWAY_NAME"), region: requiredVariable("AWS_REGION") },
};

/**
 * Both of the gateway's interceptors, in one process that stays warm between a call and its answer: only the RESPONSE
 * interceptor is shown a response.
 * https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-examples.html
 */
export const handler = observed(async (event): Promise<unknown> => {
  const mcp = isObject(event) && isObject(event.mcp) ? event.mcp : {};
  return {
    interceptorOutputVersion: "1.0",
    mcp: isObject(mcp.gatewayResponse)
      ? { transformedGatewayResponse: shapeResponse(deployment, event, mcp.gatewayResponse) }
      : await authorizeRequest(deployment, event),
  };
});
