import type { Answer } from "../request/answer.ts";
import type { Arrived, GatewayContext } from "../request/context.ts";
import { type Ended, interceptorFailed } from "./intercept-request.ts";
import { interceptorEvent } from "./interceptor-event.ts";
import { parseInterceptorOutput, replacement } from "./interceptor-output.ts";
import { invokeLambda } from "./invoke-lambda.ts";

/** Lets the RESPONSE interceptor replace the answer. If it fails, the answer is not given. */
export const interceptResponse = async (
  gateway: GatewayContext,
  arrived: Arrived,
  { answer, isShortCircuit }: Ended,
): Promise<Answer> => {
  const { message } = arrived;
  const interceptor = gateway.configuration.responseInterceptor;
  if (interceptor === undefined) return answer;
  const event = interceptorEvent(interceptor, arrived, {
    statusCode: answer.status,
    headers: answer.headers,
    // Reported: after a short-circuit the body is null (aws/bedrock-agentcore-sdk-python#409).
    body: isShortCircuit || answer.body === "" ? null : JSON.parse(answer.body),
  });
  const invocation = await invokeLambda(gateway, interceptor.lambdaArn, event);
  if (!invocation.ok)
    return interceptorFailed(message, invocation.denied ? invocation.why : undefined);
  const transformed = parseInterceptorOutput(invocation.payload)?.transformedGatewayResponse;
  if (transformed === undefined || transformed === null) {
    gateway.log(`${interceptor.lambdaArn} returned no interceptor output`);
    return interceptorFailed(message);
  }
  return replacement(transformed, interceptor.withoutResponseBody ? answer : undefined);
};
