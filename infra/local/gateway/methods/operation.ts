import type { Intercepted } from "../interceptors/intercept-request.ts";
import type { Answer } from "../request/answer.ts";
import type { Arrived, GatewayContext } from "../request/context.ts";

/** One method of MCP: from a message, as the interceptor left it, to its answer. */
export type Operation = (
  gateway: GatewayContext,
  intercepted: Intercepted,
  arrived: Arrived,
) => Answer | Promise<Answer>;
