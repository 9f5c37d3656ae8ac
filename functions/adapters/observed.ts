import { Logger } from "@aws-lambda-powertools/logger";
import type { Tracer } from "@aws-lambda-powertools/tracer";

/** The function's logger: JSON lines with the request's id. */
export const logger = new Logger();

// The X-Ray SDK hooks every promise of the process when it is loaded, so where tracing is off it is not loaded at all.
const tracer: Tracer | undefined =
  process.env.POWERTOOLS_TRACE_ENABLED === "false"
    ? undefined
    : new (await import("@aws-lambda-powertools/tracer")).Tracer();

/** The same SDK client, with its calls as subsegments where tracing is on. */
export const traced = <T>(client: T): T => tracer?.captureAWSv3Client(client) ?? client;

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
    if (tracer?.isTracingEnabled() !== true) return handle(event, context);
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
