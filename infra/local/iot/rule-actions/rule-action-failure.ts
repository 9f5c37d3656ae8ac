import { answerError } from "#local/wire/answer-error.ts";
import type { AwsAnswer } from "#local/wire/aws-call.ts";
import { AwsError } from "#local/wire/aws-service.ts";

/** An action that did not happen, as an error action is told of it. */
export class RuleActionFailure extends Error {
  override readonly name = "RuleActionFailure";
  /** Whether the same call may well succeed a moment later. */
  readonly passing: boolean;
  /** AWS's error code, or the connection's. */
  readonly code: string;
  /** Nobody answered: the other emulator is not up, or this stack is on its way down. */
  readonly unreachable: boolean;

  constructor(
    message: string,
    options: { readonly passing: boolean; readonly code: string; readonly unreachable?: boolean },
  ) {
    super(message);
    this.passing = options.passing;
    this.code = options.code;
    this.unreachable = options.unreachable ?? false;
  }
}

/** The failure that a service answered; absent for an answer that is none. */
export const failureOfAnswer = (
  answer: AwsAnswer,
  action: string,
  service: string,
): RuleActionFailure | undefined => {
  if (answer.status < 300) return undefined;
  const { code = "", message } = answerError(answer);
  const text = message ?? answer.body.toString("utf8").slice(0, 500);
  return new RuleActionFailure(
    `${action} The error received was ${text} (Service: ${service}; Status Code: ${answer.status}; Error Code: ${code})`,
    { passing: answer.status >= 500 || answer.status === 429 || /Throttl/i.test(code), code },
  );
};

/** The failure behind something that was thrown on the way: no credentials, or no connection. */
export const failureOfThrown = (thrown: unknown, action: string): RuleActionFailure => {
  if (thrown instanceof RuleActionFailure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code =
    thrown instanceof AwsError
      ? thrown.code
      : thrown instanceof Error && "code" in thrown
        ? String(thrown.code)
        : "Unknown";
  return new RuleActionFailure(`${action} The error received was ${message || code}`, {
    passing: !(thrown instanceof AwsError),
    unreachable: !(thrown instanceof AwsError),
    code,
  });
};
