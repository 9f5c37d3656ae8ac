import { initializedKey } from "./check-token.ts";
import type { Check, Finding, ObtainedToken, Walk } from "./diagnosis.ts";
import type { Exchange } from "./exchange.ts";
import { mcpRequest, mcpResult } from "./mcp-request.ts";

const MAX_PAGES = 40;

/** Whoever is let in sees tools. */
export const checkTools: Check = async (walk) => {
  const found: Finding[] = [];
  for (const token of walk.tokens) {
    const initialized = (await walk.kept.get(initializedKey(token))) as Exchange | undefined;
    if (initialized !== undefined) found.push(await listTools(walk, token, initialized));
  }
  return found;
};

const listTools = async (
  walk: Walk,
  { client, value, claims }: ObtainedToken,
  initialized: Exchange,
): Promise<Finding> => {
  const session = initialized.response?.headers["mcp-session-id"];
  const version = mcpResult(initialized)?.protocolVersion;
  const more = {
    token: value,
    ...(session === undefined ? {} : { session }),
    ...(typeof version === "string" ? { version } : {}),
  };
  await walk.send(mcpRequest(walk.url, { method: "notifications/initialized" }, more));
  const names: string[] = [];
  let cursor: unknown;
  let exchange: Exchange;
  let page = 0;
  do {
    exchange = await walk.send(
      mcpRequest(
        walk.url,
        {
          id: 2 + page,
          method: "tools/list",
          params: typeof cursor === "string" ? { cursor } : {},
        },
        more,
      ),
    );
    const result = mcpResult(exchange);
    if (!Array.isArray(result?.tools)) {
      return {
        code: "ToolsListFailed",
        status: "failure",
        summary: `tools/list for ${client.name} is answered ${exchange.response?.status ?? exchange.trouble?.reason ?? "nothing"}, without tools.`,
        fix: `See the log of ${new URL(walk.url).host}: with a token that is let in, tools/list must be answered with a list.`,
        exchange,
      };
    }
    for (const tool of result.tools as readonly unknown[]) {
      if (typeof tool === "object" && tool !== null && "name" in tool)
        names.push(String(tool.name));
    }
    cursor = result.nextCursor;
    page += 1;
  } while (typeof cursor === "string" && page < MAX_PAGES);
  if (names.length === 0) {
    return {
      code: "NoToolVisible",
      status: "failure",
      summary: `The token of ${client.name} is fine, and it sees no tool.`,
      fix: `Give the token the scopes that the tools want (it has: ${String(claims?.scope ?? claims?.scp ?? "no scope")}); check that the gateway has a target that is READY, and what its RESPONSE interceptor leaves out for this caller's scopes and groups.`,
      exchange,
    };
  }
  return {
    code: "ToolsVisible",
    status: "ok",
    summary: `${client.name} sees ${names.length} ${names.length === 1 ? "tool" : "tools"}: ${names.join(", ")}.`,
    exchange,
  };
};
