import { requiredVariable } from "#adapters/environment.ts";
import { logger, observed } from "#adapters/observed.ts";
import { type Caller, callerHeaders } from "#domain/access/caller.ts";
import { parseInterceptedRequest } from "#domain/access/interceptor.ts";
import { admitCall, type CallRefusal } from "#domain/tools/admit-call.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const gateway = { name: requiredVariable("GATEWAY_NAME"), region: requiredVariable("AWS_REGION") };

/**
 * The gateway's REQUEST interceptor: lets a tool be called only with the scope that it needs, and tells the target
 * who calls, in headers that it always sets itself, whatever the client sent under these names.
 */
export const handler = observed(async (event): Promise<unknown> => {
  const request = parseInterceptedRequest(event);
  const admitted = admitCall(request, gateway);
  if ("caller" in admitted) {
    const headers = callerHeaders(admitted.caller);
    return output({ transformedGatewayRequest: { headers, body: request.body } });
  }
  await recordDenial(request.caller, admitted);
  return output({ transformedGatewayResponse: admitted.response });
});

const output = (mcp: unknown) => ({ interceptorOutputVersion: "1.0", mcp });

// Loaded for a denial alone: every call comes through here, and none that passes pays for a client of DynamoDB.
const recordDenial = async (
  caller: Caller | undefined,
  { code, tool }: CallRefusal,
): Promise<void> => {
  if (caller === undefined || code === undefined || tool === undefined) return;
  logger.info("A call was denied", { tool, code, sub: caller.sub });
  const { recordRefusal } = await import("#adapters/record-refusal.ts");
  const at = new Date().toISOString();
  await recordRefusal(auditTableName, caller, { tool, code, at });
};
