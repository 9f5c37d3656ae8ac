import { isLoopbackHost } from "#local/wire/loopback.ts";
import { errorAnswer } from "../request/answer.ts";
import type { Check } from "../request/context.ts";

/** Refuses a Host that is not this machine (DNS rebinding). AgentCore has a public name and no such check. */
export const checkHost: Check = (_gateway, request) =>
  isLoopbackHost(request.headers.host)
    ? undefined
    : errorAnswer(null, { code: -32_000, message: "Forbidden: Host is not this machine" }, 403);
