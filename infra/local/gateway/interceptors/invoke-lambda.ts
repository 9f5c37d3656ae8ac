// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
import { answerError } from "#local/wire/answer-error.ts";
import type { AwsAnswer } from "#local/wire/aws-call.ts";
import { invokeFunction, isFunctionError } from "#local/wire/invoke-function.ts";
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
    answer = await invokeFunction(gateway.access, {
      functionName: lambdaArn,
      payload: JSON.stringify(event),
      ...(clientContext === undefined ? {} : { clientContext: encoded(clientContext) }),
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
    const { code = "" } = answerError(answer);
    return failed(`Lambda answered ${answer.status} ${code}`);
  }
  if (isFunctionError(answer)) {
    return failed(`Lambda function ${lambdaArn} failed: ${payload}`);
  }
  return { ok: true, payload };
};

const encoded = (document: unknown): string =>
  Buffer.from(JSON.stringify(document)).toString("base64");
