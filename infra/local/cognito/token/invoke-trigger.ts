// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
import { answerError } from "#local/wire/answer-error.ts";
import type { AwsAnswer } from "#local/wire/aws-call.ts";
import { invokeFunction, isFunctionError } from "#local/wire/invoke-function.ts";
import { isObject } from "#local/wire/json.ts";
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
  if (answer.status !== 200) throw failed(`${answer.status} ${answerError(answer).code ?? ""}`);
  const payload = parse(text);
  if (isFunctionError(answer)) {
    throw failed(messageOf(payload) ?? "Unhandled");
  }
  return payload;
};

const attempt = async (
  cognito: CognitoContext,
  lambdaArn: string,
  payload: string,
): Promise<AwsAnswer | "timeout"> => {
  if (cognito.access === undefined)
    throw new Error("a trigger is declared, but there is no access");
  for (let count = 1; count <= ATTEMPTS; count += 1) {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await invokeFunction(cognito.access(), { functionName: lambdaArn, payload, signal });
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

const messageOf = (payload: unknown): string | undefined =>
  isObject(payload) && "errorMessage" in payload ? String(payload.errorMessage) : undefined;
