import { observed } from "#adapters/observed.ts";
import { type Caller, mayUse } from "#domain/access/caller.ts";
import { parseInterceptedRequest, toolOf } from "#domain/access/interceptor.ts";
import { isObject } from "#domain/json.ts";
import { EVERY_TOOL } from "#domain/tools/every-tool.ts";

/**
 * The gateway's RESPONSE interceptor. It shows a caller only the tools that it may use, adds the annotations that a
 * Lambda target cannot declare, marks a tool's refusal as an error, and gives structured results beside the text.
 */
export const handler = observed(async (event): Promise<unknown> => {
  const { caller, groups = [], method } = parseInterceptedRequest(event);
  const mcp = isObject(event) && isObject(event.mcp) ? event.mcp : {};
  const response = isObject(mcp.gatewayResponse) ? mcp.gatewayResponse : {};
  const { statusCode, body } = response;
  return {
    interceptorOutputVersion: "1.0",
    mcp: {
      transformedGatewayResponse: {
        statusCode: typeof statusCode === "number" ? statusCode : 200,
        body: shape(body, method, caller, groups),
      },
    },
  };
});

const shape = (
  body: unknown,
  method: string | undefined,
  caller: Caller | undefined,
  groups: readonly string[],
): unknown => {
  if (!isObject(body) || !isObject(body.result)) return body;
  if (method === "tools/list") return { ...body, result: shapeList(body.result, caller, groups) };
  if (method === "tools/call") return { ...body, result: shapeCall(body.result) };
  return body;
};

const shapeList = (
  result: Readonly<Record<string, unknown>>,
  caller: Caller | undefined,
  groups: readonly string[],
): unknown => {
  if (!Array.isArray(result.tools)) return result;
  const tools = result.tools.flatMap((listed: unknown) => {
    if (!isObject(listed) || typeof listed.name !== "string") return [];
    const name = toolOf(listed.name);
    const tool = EVERY_TOOL.find((one) => one.name === name);
    if (tool === undefined || caller === undefined || !mayUse(caller, tool.scope)) return [];
    if (tool.shownTo !== undefined && !groups.includes(tool.shownTo)) return [];
    return [{ ...listed, title: tool.annotations.title, annotations: tool.annotations }];
  });
  return { ...result, tools };
};

const shapeCall = (result: Readonly<Record<string, unknown>>): unknown => {
  const first: unknown = Array.isArray(result.content) ? result.content[0] : undefined;
  if (!isObject(first) || typeof first.text !== "string" || result.isError === true) return result;
  let value: unknown;
  try {
    value = JSON.parse(first.text);
  } catch {
    return result;
  }
  if (!isObject(value)) return result;
  return { ...result, structuredContent: value, isError: isObject(value.error) };
};
