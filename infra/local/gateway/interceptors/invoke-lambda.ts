// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
import { type AwsAnswer, callAws } from "#local/wire/aws-call.ts";
import type { GatewayContext } from "../request/context.ts";

/** What became of an invocation. `why` is for ExceptionLevel DEBUG and the log, not for every caller. */
export type Invocation =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly denied: boolean; readonly why: string };

// "Invocation timeout 15 minutes".
const TIMEOUT_MS = 15 * 60_000;

/** Invokes a function as the gateway's role. Never throws: a failure is an outcome. */
export const invokeLambda = async (
  gateway: GatewayContext,
  lambdaArn: string,
  event: unknown,
  clientContext?: unknown,
): Promise<Invocation> => {
  const failed = (why: string, denied = false): Invocation => {
    gateway.log(`invoking ${lambdaArn} failed: ${why}`);
    return { ok: false, denied, why };
  };
  let answer: AwsAnswer;
  try {
    answer = await callAws(gateway.access, {
      service: "lambda",
      method: "POST",
      path: `/2015-03-31/functions/${encodeURIComponent(lambdaArn)}/invocations`,
      headers:
        clientContext === undefined ? {} : { "x-amz-client-context": encoded(clientContext) },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  const payload = answer.body.toString("utf8");
  if (answer.status === 403) {
    return failed(`Access denied while invoking Lambda function ${lambdaArn}`, true);
  }
  if (answer.status !== 200) {
    const code = (answer.headers["x-amzn-errortype"] ?? "").split(":")[0];
    return failed(`Lambda answered ${answer.status} ${code}`);
  }
  if (answer.headers["x-amz-function-error"] !== undefined) {
    return failed(`Lambda function ${lambdaArn} failed: ${payload}`);
  }
  return { ok: true, payload };
};

const encoded = (document: unknown): string =>
  Buffer.from(JSON.stringify(document)).toString("base64");
