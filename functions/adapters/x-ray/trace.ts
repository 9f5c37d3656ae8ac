/** What a subsegment belongs to: a trace, and the segment of it that it is a part of. */
export interface TracePlace {
  readonly traceId: string;
  readonly segmentId: string;
}

/**
 * Where this call of the function stands in its trace; `undefined` where the call is not sampled, or nothing is traced.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const traceOfCall = (): TracePlace | undefined => {
  if (process.env.POWERTOOLS_TRACE_ENABLED === "false") return undefined;
  const header = traceHeader();
  const fields = new Map(
    header.split(";").map((field) => {
      const at = field.indexOf("=");
      return [field.slice(0, at).trim(), field.slice(at + 1)];
    }),
  );
  const [traceId, segmentId] = [fields.get("Root"), fields.get("Parent")];
  return traceId === undefined || segmentId === undefined || fields.get("Sampled") !== "1"
    ? undefined
    : { traceId, segmentId };
};

/** The header by which a service that is called takes its place in the trace. */
export const headerOf = ({ traceId, segmentId }: TracePlace): string =>
  `Root=${traceId};Parent=${segmentId};Sampled=1`;

declare global {
  // What Lambda's runtime offers since calls of one process may overlap; the variable is empty then.
  // https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
  var awslambda:
    | { readonly InvokeStore?: { getXRayTraceId(): string | undefined } | undefined }
    | undefined;
}

const traceHeader = (): string =>
  globalThis.awslambda?.InvokeStore?.getXRayTraceId() ?? process.env._X_AMZN_TRACE_ID ?? "";
