// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
import { type AwsAnswer, callAws } from "#local/wire/aws-call.ts";
import { OAuthError } from "../oauth/oauth-error.ts";
import type { CognitoContext } from "../pool/context.ts";

// "When Amazon Cognito calls your Lambda function, it must respond within 5 seconds. If it doesn't,
// Amazon Cognito retries the call. After three unsuccessful attempts, the function times out."
const ATTEMPTS = 3;
const TIMEOUT_MS = 5000;

/**
 * Calls a trigger with its event and gives back what it returned.
 * @throws OAuthError `invalid_request` with the text of Cognito's UserLambdaValidationException when it fails.
 */
export const invokeTrigger = async (
  cognito: CognitoContext,
  trigger: string,
  lambdaArn: string,
  event: unknown,
): Promise<unknown> => {
  const failed = (why: string): OAuthError => {
    cognito.log(`${trigger} trigger ${lambdaArn} failed: ${why}`);
    return new OAuthError("invalid_request", `${trigger} failed with error ${why}.`);
  };
  const answer = await attempt(cognito, lambdaArn, JSON.stringify(event));
  if (answer === "timeout") throw failed("the function did not answer within 5 seconds");
  const text = answer.body.toString("utf8");
  if (answer.status !== 200) throw failed(`${answer.status} ${errorCodeOf(answer)}`);
  const payload = parse(text);
  if (answer.headers["x-amz-function-error"] !== undefined) {
    throw failed(messageOf(payload) ?? "Unhandled");
  }
  return payload;
};

const attempt = async (
  cognito: CognitoContext,
  lambdaArn: string,
  body: string,
): Promise<AwsAnswer | "timeout"> => {
  if (cognito.access === undefined)
    throw new Error("a trigger is declared, but there is no access");
  const path = `/2015-03-31/functions/${encodeURIComponent(lambdaArn)}/invocations`;
  for (let count = 1; count <= ATTEMPTS; count += 1) {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const call = { service: "lambda", method: "POST", path, body, signal } as const;
      return await callAws(cognito.access(), call);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return "timeout";
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const errorCodeOf = (answer: AwsAnswer): string =>
  (answer.headers["x-amzn-errortype"] ?? "").split(":")[0] ?? "";

const messageOf = (payload: unknown): string | undefined =>
  typeof payload === "object" && payload !== null && "errorMessage" in payload
    ? String(payload.errorMessage)
    : undefined;
