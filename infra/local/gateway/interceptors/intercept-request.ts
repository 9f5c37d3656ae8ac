import { type Answer, errorAnswer, INTERNAL_ERROR } from "../request/answer.ts";
import type { Arrived, GatewayContext } from "../request/context.ts";
import { type Message, parseMessage } from "../request/parse-message.ts";
import { interceptorEvent } from "./interceptor-event.ts";
import { parseInterceptorOutput, shortCircuit } from "./interceptor-output.ts";
import { invokeLambda } from "./invoke-lambda.ts";

/** The answer of a message that did not go on. */
export interface Ended {
  readonly answer: Answer;
  /** The interceptor gave it; it did not fail. */
  readonly isShortCircuit: boolean;
}

/** The message that goes on to the target, and the headers that the interceptor gave it. */
export interface Intercepted {
  readonly message: Message;
  /** Names in lower case. Absent when no interceptor saw the request's headers. */
  readonly headers?: ReadonlyMap<string, string>;
}

/** Lets the REQUEST interceptor change the message, or answer it itself. Whatever it fails at ends the call. */
export const interceptRequest = async (
  gateway: GatewayContext,
  arrived: Arrived,
): Promise<Intercepted | Ended> => {
  const { message } = arrived;
  const interceptor = gateway.configuration.requestInterceptor;
  if (interceptor === undefined) return { message };
  const event = interceptorEvent(interceptor, arrived);
  const invocation = await invokeLambda(gateway, interceptor.lambdaArn, event);
  if (!invocation.ok) return failed(message, invocation.denied ? invocation.why : undefined);
  const output = parseInterceptorOutput(invocation.payload);
  const response = output?.transformedGatewayResponse;
  if (response !== undefined && response !== null) {
    return { answer: shortCircuit(response), isShortCircuit: true };
  }
  const transformed = output?.transformedGatewayRequest;
  if (transformed === undefined || transformed === null) {
    gateway.log(`${interceptor.lambdaArn} returned no interceptor output`);
    return failed(message);
  }
  const { body } = transformed;
  const changed = body === undefined || body === null ? message : parseMessage(body);
  if (changed === undefined) {
    gateway.log(`${interceptor.lambdaArn} returned a body that is not a JSON-RPC request`);
    return failed(message);
  }
  if (!interceptor.passesRequestHeaders) return { message: changed };
  const headers = Object.entries(transformed.headers ?? {});
  return {
    message: changed,
    headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])),
  };
};

const failed = (message: Message, denied?: string): Ended => ({
  answer: interceptorFailed(message, denied),
  isShortCircuit: false,
});

/** A missing permission is said aloud, with status 400; everything else is an internal error. */
export const interceptorFailed = (message: Message, denied?: string): Answer =>
  denied === undefined
    ? errorAnswer(message.id, { code: -32_603, message: INTERNAL_ERROR }, 500)
    : errorAnswer(message.id, { code: -32_603, message: denied }, 400);
