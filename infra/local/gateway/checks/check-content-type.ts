import { errorAnswer } from "../request/answer.ts";
import type { Check } from "../request/context.ts";

const JSON_TYPE = /^application\/json(?:\s*;|$)/i;

/** The body must say that it is JSON. Accept is not looked at: AgentCore answers JSON to a client that sends none. */
export const checkContentType: Check = (_gateway, request) =>
  JSON_TYPE.test(request.headers["content-type"] ?? "")
    ? undefined
    : errorAnswer(
        null,
        { code: -32_000, message: "Unsupported Media Type: Content-Type must be application/json" },
        415,
      );
