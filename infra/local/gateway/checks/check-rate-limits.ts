import type { Limited } from "../configuration/rate-limit.ts";
import { errorAnswer } from "../request/answer.ts";
import type { MessageCheck } from "../request/context.ts";

/** The limits of the template first, then those of the service: each of tools/call and tools/list. */
export const checkRateLimits: MessageCheck = (gateway, { message, claims }) => {
  const { id, method, params } = message;
  const tool = method === "tools/call" ? params.name : undefined;
  const limited =
    gateway.rateLimiter({ claims, ...(typeof tool === "string" ? { toolName: tool } : {}) }) ??
    serviceLimit(gateway.quota.get(method)?.take());
  return limited === undefined
    ? undefined
    : errorAnswer(id, { code: -32_003, message: "Rate limit exceeded", data: limited }, 429);
};

const serviceLimit = (
  take: { readonly taken: boolean; readonly retryAfterSeconds: number } | undefined,
): Omit<Limited, "limitKey"> | undefined =>
  take === undefined || take.taken
    ? undefined
    : { metric: "requests", retryAfter: take.retryAfterSeconds };
