import { logger } from "#adapters/observed.ts";
import { type Caller, callerHeaders } from "#domain/access/caller.ts";
import { parseInterceptedRequest } from "#domain/access/interceptor.ts";
import { admitCall, type CallRefusal } from "#domain/admission/admit-call.ts";
import type { Gateway } from "#domain/admission/is-meant-for-gateway.ts";

/**
 * The gateway's REQUEST interceptor: lets a tool be called only with the scope that it needs, and tells the target
 * who calls, in headers that it always sets itself, whatever the client sent under these names.
 */
export const authorizeRequest = async (
  { gateway, auditTableName }: { readonly gateway: Gateway; readonly auditTableName: string },
  event: unknown,
): Promise<unknown> => {
  const request = parseInterceptedRequest(event);
  const admitted = admitCall(request, gateway);
  if ("caller" in admitted) {
    const headers = callerHeaders(admitted.caller);
    return { transformedGatewayRequest: { headers, body: request.body } };
  }
  await recordDenial(auditTableName, request.caller, admitted);
  return { transformedGatewayResponse: admitted.response };
};

// Loaded for a denial alone: every call comes through here, and none that passes pays for a client of DynamoDB.
const recordDenial = async (
  auditTableName: string,
  caller: Caller | undefined,
  { code, tool }: CallRefusal,
): Promise<void> => {
  if (caller === undefined || code === undefined || tool === undefined) return;
  logger.info("A call was denied", { tool, code, sub: caller.sub });
  const { recordRefusal } = await import("#adapters/record-refusal.ts");
  const at = new Date().toISOString();
  await recordRefusal(auditTableName, caller, { tool, code, at });
};
