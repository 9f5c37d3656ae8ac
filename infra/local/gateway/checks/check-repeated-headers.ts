import { errorAnswer } from "../request/answer.ts";
import type { Check } from "../request/context.ts";

// Node keeps the first of each and drops the others; a proxy before it may have looked at the last.
const SINGLE = new Set([
  "authorization",
  "content-length",
  "content-type",
  "host",
  "mcp-protocol-version",
  "mcp-session-id",
  "origin",
]);

/** Refuses a request that says one of these things twice. */
export const checkRepeatedHeaders: Check = (_gateway, request) => {
  const seen = new Set<string>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]?.toLowerCase() ?? "";
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) {
      return errorAnswer(null, { code: -32_600, message: `Repeated header: ${name}` }, 400);
    }
    seen.add(name);
  }
  return undefined;
};
