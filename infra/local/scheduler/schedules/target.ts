// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
import { isObject } from "#local/wire/json.ts";
import { invalid } from "./scheduler-error.ts";

/** What a target's ARN and its input ask for, as far as it is imitated. */
export type TargetCall =
  | { readonly kind: "invoke"; readonly functionName: string }
  | { readonly kind: "send"; readonly queueArn: string }
  /** A call of Lambda's or SQS's API with the input as its request. */
  | { readonly kind: "universal"; readonly api: "lambda:invoke" | "sqs:sendMessage" };

/** Names the call, or what of it is not imitated. */
export const targetCall = (arn: string): TargetCall | { readonly missing: string } => {
  const [, , service = "", , , ...rest] = arn.split(":");
  if (service === "lambda" && rest[0] === "function") return { kind: "invoke", functionName: arn };
  if (service === "sqs") {
    return arn.endsWith(".fifo")
      ? { missing: "a FIFO queue as the target" }
      : { kind: "send", queueArn: arn };
  }
  if (service === "scheduler" && rest[0] === "aws-sdk") {
    const api = rest.slice(1).join(":");
    return api === "lambda:invoke" || api === "sqs:sendMessage"
      ? { kind: "universal", api }
      : { missing: `the universal target aws-sdk:${api}` };
  }
  return { missing: `a target of ${service === "" ? JSON.stringify(arn) : service}` };
};

// The guide names them by how they begin.
const READING =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|invokeModel)/;

/** @throws AwsError `ValidationException` for a universal target that only reads */
export const refuseReading = (arn: string): void => {
  const action = /^arn:aws:scheduler:::aws-sdk:[^:]+:(.+)$/.exec(arn)?.[1];
  if (action !== undefined && READING.test(action)) {
    throw invalid(`${arn} is not a supported target: ${action} only reads.`);
  }
};

/** @throws AwsError `ValidationException` for an input that such a target cannot take */
export const checkInput = (call: TargetCall, input: string): void => {
  if (call.kind === "send") return;
  try {
    const parsed: unknown = JSON.parse(input);
    if (call.kind === "invoke" || isObject(parsed)) return;
  } catch (cause) {
    throw invalid("The target's Input is not well-formed JSON.", cause);
  }
  throw invalid("The Input of a universal target is the JSON object of its request.");
};
