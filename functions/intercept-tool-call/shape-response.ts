import { type Caller, mayUse } from "#domain/access/caller.ts";
import {
  type InterceptedRequest,
  parseInterceptedRequest,
  toolOf,
} from "#domain/access/interceptor.ts";
import { admitCall } from "#domain/admission/admit-call.ts";
import type { Gateway } from "#domain/admission/is-meant-for-gateway.ts";
import { isObject } from "#domain/json.ts";
import { EVERY_TOOL } from "#domain/tools/every-tool.ts";

/**
 * The gateway's RESPONSE interceptor. It shows a caller only the tools that it may use, adds the annotations that a
 * Lambda target cannot declare, marks a tool's refusal as an error, and gives structured results beside the text.
 * What it does not return is lost, headers included (reported of deployed gateways): it returns all that came in.
 */
export const shapeResponse = (
  { gateway }: { readonly gateway: Gateway },
  event: unknown,
  response: Readonly<Record<string, unknown>>,
): Answer => {
  const request = parseInterceptedRequest(event);
  const { statusCode, body = null } = response;
  const answer = {
    statusCode: typeof statusCode === "number" ? statusCode : 200,
    headers: textsOf(response.headers),
    body,
  };
  return withType(body === null ? again(gateway, request, answer) : shaped(request, answer));
};

/** What goes back through the gateway. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const shaped = ({ method, caller, groups = [] }: InterceptedRequest, answer: Answer): Answer => ({
  ...answer,
  body: shape(answer.body, method, caller, groups),
});

// What the REQUEST interceptor answered comes here without its body (aws/bedrock-agentcore-sdk-python#409); a null that
// is passed on is an empty answer to the client.
const again = (gateway: Gateway, request: InterceptedRequest, answer: Answer): Answer => {
  const admitted = admitCall(request, gateway);
  if ("caller" in admitted) return answer;
  const { statusCode, headers, body } = admitted.response;
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const others = Object.entries(answer.headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { statusCode, headers: { ...Object.fromEntries(others), ...headers }, body };
};

// Nobody could say whether Content-Type comes in with the others; clients refuse an answer that has none.
const withType = (answer: Answer): Answer =>
  answer.body === null ||
  Object.keys(answer.headers).some((name) => name.toLowerCase() === "content-type")
    ? answer
    : { ...answer, headers: { ...answer.headers, "Content-Type": "application/json" } };

const textsOf = (headers: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isObject(headers) ? headers : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );

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

// The gateway's words for a function that was throttled, took too long or failed; a model can do nothing with them.
const GATEWAY_FAILED = "An internal error occurred. Please retry later.";

const noAnswer = (result: Readonly<Record<string, unknown>>): unknown => {
  const error = {
    code: "NoAnswer",
    message:
      "The house is busy, or the call broke off. What became of it is not known: call again with the same request_id, which sends nothing twice, or look with get_run; do not assume that anything changed.",
  };
  return {
    ...result,
    content: [{ type: "text", text: JSON.stringify({ error }) }],
    structuredContent: { error },
  };
};

const shapeCall = (result: Readonly<Record<string, unknown>>): unknown => {
  const first: unknown = Array.isArray(result.content) ? result.content[0] : undefined;
  if (!isObject(first) || typeof first.text !== "string") return result;
  if (result.isError === true) return first.text === GATEWAY_FAILED ? noAnswer(result) : result;
  let value: unknown;
  try {
    value = JSON.parse(first.text);
  } catch {
    return result;
  }
  if (!isObject(value)) return result;
  return { ...result, structuredContent: value, isError: isObject(value.error) };
};
