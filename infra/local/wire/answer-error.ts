import type { AwsAnswer } from "./aws-call.ts";
import { isObject, type JsonObject } from "./json.ts";

/** What an error answer says in whichever JSON protocol: AWS's code without its namespace, and the message, if any. */
export const answerError = (
  answer: AwsAnswer,
): { readonly code?: string; readonly message?: string } => {
  const body = membersOf(answer);
  // com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException, or ResourceNotFoundException:http://…
  const type = body.__type ?? answer.headers["x-amzn-errortype"] ?? body.code;
  const message = body.message ?? body.Message;
  return {
    ...(typeof type === "string" ? { code: type.replace(/^.*#/, "").replace(/:.*$/, "") } : {}),
    ...(typeof message === "string" ? { message } : {}),
  };
};

const membersOf = (answer: AwsAnswer): JsonObject => {
  try {
    const parsed: unknown = JSON.parse(answer.body.toString("utf8"));
    return isObject(parsed) ? parsed : {};
  } catch {
    // An error without a body that can be read has its status, and perhaps its header.
    return {};
  }
};
