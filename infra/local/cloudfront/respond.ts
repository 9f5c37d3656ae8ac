// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehavior.html
import type { Readable } from "node:stream";
import { chooseBehaviour } from "./configuration/choose-behaviour.ts";
import type { DeliveredBehaviour, Delivery } from "./delivery.ts";
import { askBucket, type ReadObject } from "./origins/ask-bucket.ts";
import { askHost } from "./origins/ask-host.ts";
import { forwardedHeaders } from "./origins/forwarded-headers.ts";
import { type OriginAnswer, OriginFailed } from "./origins/origin-answer.ts";
import {
  type CloudFrontError,
  FUNCTION_FAILED,
  FUNCTION_INVALID_RESULT,
  METHOD_NOT_ALLOWED,
  ORIGIN_TIMED_OUT,
  ORIGIN_UNREACHABLE,
} from "./viewer/error-page.ts";
import { functionEvent, InvalidFunctionResult, requestOfResult } from "./viewer/function-event.ts";
import { FunctionFailed, runFunction } from "./viewer/run-function.ts";
import type { ViewerRequest } from "./viewer/viewer-request.ts";

/** A request on its way, with what stands around it. */
export interface Passing {
  readonly delivery: Delivery;
  readonly requestId: string;
  readonly viewerIp: string;
  readonly body: Readable;
  /** The viewer went away. */
  readonly signal: AbortSignal;
  readonly readObject: ReadObject;
  /** Where a URL of AWS is found on this machine. */
  readonly rewriteUrl: (url: string) => string;
  readonly log: (line: string) => void;
}

/** An answer of CloudFront itself, or an origin's with the headers that the behaviour's policy sets. */
export type Response =
  | { readonly error: CloudFrontError }
  | { readonly answer: OriginAnswer; readonly error?: undefined };

/** What a viewer gets for a request. */
export const respond = async (asked: ViewerRequest, passing: Passing): Promise<Response> => {
  const behaviour = chooseBehaviour(passing.delivery.behaviours, asked.uri);
  if (behaviour?.allowedMethods.has(asked.method) !== true) return { error: METHOD_NOT_ALLOWED };
  try {
    const request = viewerRequest(asked, behaviour, passing);
    const answer = await askOrigin(request, behaviour, passing);
    return { answer: withPolicyHeaders(answer, behaviour, passing.rewriteUrl) };
  } catch (failure) {
    const error = errorOf(failure);
    if (error === undefined) throw failure;
    passing.log(`CloudFront: ${asked.method} ${asked.uri}: ${String(failure)}`);
    return { error };
  }
};

const errorOf = (failure: unknown): CloudFrontError | undefined => {
  if (failure instanceof InvalidFunctionResult) return FUNCTION_INVALID_RESULT;
  if (failure instanceof FunctionFailed) return FUNCTION_FAILED;
  if (!(failure instanceof OriginFailed)) return undefined;
  return failure.kind === "timed out" ? ORIGIN_TIMED_OUT : ORIGIN_UNREACHABLE;
};

const viewerRequest = (
  asked: ViewerRequest,
  { viewerRequest: edge }: DeliveredBehaviour,
  { delivery, requestId, viewerIp }: Passing,
): ViewerRequest => {
  if (edge === undefined) return asked;
  const context = {
    distributionDomainName: delivery.domainName,
    distributionId: delivery.id,
    requestId,
  };
  return requestOfResult(runFunction(edge, functionEvent(asked, context, viewerIp)), asked);
};

const askOrigin = async (
  request: ViewerRequest,
  behaviour: DeliveredBehaviour,
  passing: Passing,
): Promise<OriginAnswer> => {
  const { delivery, requestId, viewerIp, readObject, body, signal } = passing;
  const { origin } = behaviour;
  if (origin.kind === "s3") {
    return askBucket(origin.bucket, request, { policies: delivery.bucketPolicies, readObject });
  }
  const forwarded = forwardedHeaders(request, behaviour);
  const before = forwarded["x-forwarded-for"] ?? [];
  const path = request.query === "" ? request.uri : `${request.uri}?${request.query}`;
  return askHost({
    method: request.method,
    url: passing.rewriteUrl(`https://${origin.host}${path}`),
    headers: {
      ...forwarded,
      via: [`1.1 ${delivery.domainName} (CloudFront)`],
      "x-amz-cf-id": [requestId],
      "x-forwarded-for": [[...before, viewerIp].join(", ")],
    },
    body,
    readTimeoutMs: origin.readTimeoutMs,
    signal,
  });
};

// Whatever the origin answered, errors too.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html
const withPolicyHeaders = (
  answer: OriginAnswer,
  { responseHeaders }: DeliveredBehaviour,
  rewriteUrl: (url: string) => string,
): OriginAnswer => ({
  ...answer,
  headers: {
    ...answer.headers,
    ...Object.fromEntries(
      responseHeaders
        .filter(({ name, override }) => override || answer.headers[name] === undefined)
        .map(({ name, value }) => [name, foundHere(value, rewriteUrl)]),
    ),
  },
});

/** A header's value in which addresses of AWS are those where they are found on this machine. */
const foundHere = (value: string, rewriteUrl: (url: string) => string): string =>
  value
    .split(/([\s;,]+)/)
    .map(rewriteUrl)
    .join("");
