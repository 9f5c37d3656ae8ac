// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
import { answerError } from "#local/wire/answer-error.ts";
import type { AwsAccess, AwsAnswer } from "#local/wire/aws-call.ts";
import { AwsError } from "#local/wire/aws-service.ts";
import { callJson } from "#local/wire/call-json.ts";
import { invokeFunction } from "#local/wire/invoke-function.ts";
import { isObject, type JsonObject } from "#local/wire/json.ts";
import { SQS } from "#local/wire/json-api.ts";
import { sendToQueue } from "#local/wire/send-to-queue.ts";
import type { ScheduleTarget } from "../schedules/schedule-settings.ts";
import { targetCall } from "../schedules/target.ts";

/** What came of one attempt. */
export type AttemptOutcome =
  | { readonly delivered: true }
  | {
      readonly delivered: false;
      readonly errorCode: string;
      readonly errorMessage: string;
      /** Could another attempt do better? */
      readonly retryable: boolean;
    };

/** Calls the target with the filled-in input, as its role. Never rejects. */
export const callTarget = async (
  access: () => AwsAccess,
  target: ScheduleTarget,
  input: string,
  signal: AbortSignal,
): Promise<AttemptOutcome> => {
  try {
    return outcomeOf(await send(access(), target.Arn, input, signal));
  } catch (error) {
    return outcomeOfThrown(error);
  }
};

/** What an answer of AWS means for another attempt. */
export const outcomeOf = (answer: AwsAnswer): AttemptOutcome => {
  const { status } = answer;
  if (status < 300) return { delivered: true };
  const { code, message } = answerError(answer);
  return {
    delivered: false,
    errorCode: code ?? `HTTP${status}`,
    errorMessage: message ?? "",
    retryable: status === 429 || (status >= 500 && status !== 501) || /Throttl/.test(code ?? ""),
  };
};

/** The same for what never got an answer. */
export const outcomeOfThrown = (error: unknown): AttemptOutcome => {
  const errorMessage = error instanceof Error ? error.message : String(error);
  return error instanceof AwsError
    ? { delivered: false, errorCode: error.code, errorMessage, retryable: false }
    : { delivered: false, errorCode: "ConnectionFailed", errorMessage, retryable: true };
};

const send = (
  access: AwsAccess,
  arn: string,
  input: string,
  signal: AbortSignal,
): Promise<AwsAnswer> => {
  const call = targetCall(arn);
  if ("missing" in call) throw new AwsError("ValidationException", `It has ${call.missing}.`);
  switch (call.kind) {
    case "invoke":
      return invokeFunction(access, {
        functionName: call.functionName,
        invocationType: "Event",
        payload: input,
        signal,
      });
    case "send":
      return sendToQueue(access, { queueArn: call.queueArn, body: input }, signal);
    case "universal": {
      const request = requestOf(input);
      return call.api === "sqs:sendMessage"
        ? callJson(access, SQS, "SendMessage", request, signal)
        : invokeWith(access, request, signal);
    }
  }
};

const requestOf = (input: string): JsonObject => {
  const parsed: unknown = JSON.parse(input);
  return isObject(parsed) ? parsed : {};
};

const invokeWith = (
  access: AwsAccess,
  request: JsonObject,
  signal: AbortSignal,
): Promise<AwsAnswer> => {
  const text = (name: string): string | undefined => {
    const value = request[name];
    return typeof value === "string" ? value : undefined;
  };
  const [qualifier, invocationType, clientContext] = [
    text("Qualifier"),
    text("InvocationType"),
    text("ClientContext"),
  ];
  return invokeFunction(access, {
    functionName: text("FunctionName") ?? "",
    payload: text("Payload") ?? "",
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(invocationType === undefined ? {} : { invocationType }),
    ...(clientContext === undefined ? {} : { clientContext }),
    signal,
  });
};
