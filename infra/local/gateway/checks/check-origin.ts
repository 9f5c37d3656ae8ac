import { isLoopbackOrigin } from "#local/wire/loopback.ts";
import { errorAnswer } from "../request/answer.ts";
import type { Check } from "../request/context.ts";

/** MCP: "Servers MUST validate the Origin header on all incoming connections", and answer 403. */
export const checkOrigin: Check = (_gateway, request) => {
  const { origin } = request.headers;
  return origin === undefined || isLoopbackOrigin(origin)
    ? undefined
    : errorAnswer(null, { code: -32_000, message: "Forbidden: Origin is not allowed" }, 403);
};
