import { errorAnswer } from "../request/answer.ts";
import type { Check } from "../request/context.ts";

/** POST only: there is no stream to GET and no session to DELETE. */
export const checkMethod: Check = (_gateway, request) =>
  request.method === "POST"
    ? undefined
    : errorAnswer(null, { code: -32_000, message: "Method not allowed." }, 405, { allow: "POST" });
