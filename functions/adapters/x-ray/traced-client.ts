import { isObject } from "#domain/json.ts";
import { beginSubsegment, causeOf, type Details } from "./subsegment.ts";
import { headerOf, type TracePlace } from "./trace.ts";

interface Answered {
  readonly output: object;
}

/** What of an SDK client its calls are watched by. */
export interface WatchedClient {
  readonly config: { readonly serviceId: string };
  readonly middlewareStack: {
    add(
      middleware: <Args extends object, Answer extends Answered>(
        next: (args: Args) => Promise<Answer>,
        context: { readonly commandName?: string },
      ) => (args: Args) => Promise<Answer>,
      options: { readonly step: "build"; readonly name: string },
    ): void;
  };
}

/** Makes each call of the client, with its retries, a subsegment of where the function stands in a trace, if it does. */
export const traceCalls = <Client extends WatchedClient>(
  client: Client,
  place: () => TracePlace | undefined,
): Client => {
  const { serviceId } = client.config;
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const parent = place();
        if (parent === undefined) return next(args);
        const operation = commandName.replace(/Command$/, "");
        const call = beginSubsegment(serviceId, parent, { namespace: "aws" });
        passOn(args, headerOf(call.place));
        try {
          const answer = await next(args);
          call.end(answered(operation, answer.output));
          return answer;
        } catch (error) {
          const details = answered(operation, error);
          call.end({ ...details, ...causeOf(error, statusIn(error)) });
          throw error;
        }
      },
    { step: "build", name: "trace" },
  );
  return client;
};

// The SDK puts the function's own place there, but leaves what it finds.
const passOn = (args: object, header: string): void => {
  const request: unknown = "request" in args ? args.request : undefined;
  if (!isObject(request) || !isObject(request.headers)) return;
  Object.assign(request.headers, { "X-Amzn-Trace-Id": header });
};

const metadataIn = (value: unknown): Readonly<Record<string, unknown>> =>
  isObject(value) && isObject(value.$metadata) ? value.$metadata : {};

const statusIn = (value: unknown): number | undefined => {
  const { httpStatusCode } = metadataIn(value);
  return typeof httpStatusCode === "number" ? httpStatusCode : undefined;
};

const answered = (operation: string, value: unknown): Details => {
  const { requestId, attempts } = metadataIn(value);
  const status = statusIn(value);
  return {
    aws: {
      operation,
      region: process.env.AWS_REGION ?? "",
      ...(typeof requestId === "string" ? { request_id: requestId } : {}),
      ...(typeof attempts === "number" ? { retries: attempts - 1 } : {}),
    },
    ...(status === undefined ? {} : { http: { response: { status } } }),
  };
};
