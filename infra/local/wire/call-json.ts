import { type AwsAccess, type AwsAnswer, callAws } from "./aws-call.ts";
import type { JsonApi } from "./json-api.ts";

/** Calls an operation of an API that speaks AWS JSON. An error is an answer too; a broken connection rejects. */
export const callJson = (
  access: AwsAccess,
  api: JsonApi,
  operation: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<AwsAnswer> =>
  callAws(access, {
    service: api.signingName,
    method: "POST",
    path: "/",
    headers: {
      "content-type": `application/x-amz-json-${api.version}`,
      "x-amz-target": `${api.target}.${operation}`,
    },
    body: JSON.stringify(input),
    ...(signal === undefined ? {} : { signal }),
  });
