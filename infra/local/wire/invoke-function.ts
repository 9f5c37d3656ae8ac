// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
import { type AwsAccess, type AwsAnswer, callAws } from "./aws-call.ts";

/** One call of a function, as Lambda's API takes it. */
export interface FunctionCall {
  /** Name, partial ARN or ARN. */
  readonly functionName: string;
  readonly payload: string;
  readonly qualifier?: string;
  readonly invocationType?: string;
  /** Base64 of a JSON object. */
  readonly clientContext?: string;
  readonly logType?: string;
  readonly signal?: AbortSignal;
}

/** Invokes a function. An error, also the function's own, is an answer; a broken connection rejects. */
export const invokeFunction = (access: AwsAccess, call: FunctionCall): Promise<AwsAnswer> => {
  const { functionName, payload, qualifier, invocationType, clientContext, logType, signal } = call;
  const query = qualifier === undefined ? "" : `?Qualifier=${encodeURIComponent(qualifier)}`;
  return callAws(access, {
    service: "lambda",
    method: "POST",
    path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations${query}`,
    // No content type: Lambda takes every payload for JSON, and each header is one more to be signed.
    headers: {
      ...(invocationType === undefined ? {} : { "x-amz-invocation-type": invocationType }),
      ...(clientContext === undefined ? {} : { "x-amz-client-context": clientContext }),
      ...(logType === undefined ? {} : { "x-amz-log-type": logType }),
    },
    body: payload,
    ...(signal === undefined ? {} : { signal }),
  });
};

/** Whether the function ran and failed: its status is 200 then, and the body is its error. */
export const isFunctionError = (answer: AwsAnswer): boolean =>
  answer.headers["x-amz-function-error"] !== undefined;
