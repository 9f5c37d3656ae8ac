import type { Answer } from "./answer.ts";
import type { Arrived, GatewayContext } from "./context.ts";
import type { Intercepted } from "./intercept-request.ts";

/** One method of MCP: from a message, as the interceptor left it, to its answer. */
export type Operation = (
  gateway: GatewayContext,
  intercepted: Intercepted,
  arrived: Arrived,
) => Answer | Promise<Answer>;
