import { Logger } from "@aws-lambda-powertools/logger";
import { beginSubsegment, causeOf } from "./x-ray/subsegment.ts";
import { type TracePlace, traceOfCall } from "./x-ray/trace.ts";
import { traceCalls, type WatchedClient } from "./x-ray/traced-client.ts";

/** The function's logger: JSON lines with the request's id. */
export const logger = new Logger();

// Lambda gives a process one call at a time.
let handling: TracePlace | undefined;
let isCold = true;

/** The same SDK client, with its calls as subsegments where a call is traced. */
export const traced = <Client extends WatchedClient>(client: Client): Client =>
  traceCalls(client, () => handling);

/** A call of something that is not AWS's, as a subsegment where the function's own call is traced. */
export const tracedCall = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
  if (handling === undefined) return call();
  const own = beginSubsegment(name, handling, { namespace: "remote" });
  try {
    const answer = await call();
    own.end();
    return answer;
  } catch (error) {
    own.end(causeOf(error));
    throw error;
  }
};

/** What a handler may use of the Lambda context object. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  getRemainingTimeInMillis(): number;
  readonly clientContext?: unknown;
}

/**
 * A handler with an X-Ray subsegment of its own and the request's id on every log line.
 * What it throws is put on the trace and thrown on; the runtime logs it.
 */
export const observed =
  <R>(handle: (event: unknown, context: LambdaContext) => Promise<R>) =>
  async (event: unknown, context: LambdaContext): Promise<R> => {
    logger.appendKeys({ function_request_id: context.awsRequestId });
    const wasCold = isCold;
    isCold = false;
    const place = traceOfCall();
    if (place === undefined) return handle(event, context);
    const own = beginSubsegment(`## ${context.functionName}`, place, {
      annotations: {
        ColdStart: wasCold,
        Service: process.env.POWERTOOLS_SERVICE_NAME ?? "",
      },
    });
    handling = own.place;
    try {
      const result = await handle(event, context);
      own.end();
      return result;
    } catch (error) {
      own.end(causeOf(error));
      throw error;
    } finally {
      handling = undefined;
    }
  };
