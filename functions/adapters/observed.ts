import { Logger } from "@aws-lambda-powertools/logger";
import { Tracer } from "@aws-lambda-powertools/tracer";

/** One logger and one tracer for a function; both are silent where nobody listens. */
export const logger = new Logger();
export const tracer = new Tracer();

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
    if (!tracer.isTracingEnabled()) return handle(event, context);
    const parent = tracer.getSegment();
    const own = parent?.addNewSubsegment(`## ${context.functionName}`);
    if (own !== undefined) tracer.setSegment(own);
    tracer.annotateColdStart();
    tracer.addServiceNameAnnotation();
    try {
      return await handle(event, context);
    } catch (error) {
      if (error instanceof Error) tracer.addErrorAsMetadata(error);
      throw error;
    } finally {
      own?.close();
      if (parent !== undefined) tracer.setSegment(parent);
    }
  };
