import { type Caller, parseCaller } from "#domain/access/caller.ts";
import { toolOf } from "#domain/access/interceptor.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { LambdaContext } from "./observed.ts";

/** What the gateway says about a call beside its arguments. */
export interface GatewayCall {
  /** Without the target's name. */
  readonly tool: string;
  readonly caller: Caller;
}

/**
 * Reads the client context that AgentCore Gateway sends with an invocation of a Lambda target
 * (https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html).
 * Some runtimes deliver objects as JSON texts, or `custom` with a capital letter; both are read.
 * @throws HomeError `ToolUnknown` or `CallerUnknown`
 */
export const parseGatewayCall = (context: LambdaContext): GatewayCall => {
  const client = toObject(context.clientContext);
  const custom = toObject(client.custom ?? client.Custom);
  const name = custom.bedrockAgentCoreToolName;
  if (typeof name !== "string") {
    throw new HomeError("ToolUnknown", "The call names no tool; it must come through the gateway.");
  }
  const headers = toObject(custom.bedrockAgentCorePropagatedHeaders);
  return { tool: toolOf(name), caller: parseCaller(withoutCase(headers)) };
};

// A header that comes twice, in different letters and with different values, names two callers, which is none.
const withoutCase = (
  headers: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const lowerCased = new Map<string, unknown>();
  for (const [header, value] of Object.entries(headers)) {
    const name = header.toLowerCase();
    const isContradicted = lowerCased.has(name) && lowerCased.get(name) !== value;
    lowerCased.set(name, isContradicted ? undefined : value);
  }
  return Object.fromEntries(lowerCased);
};

const toObject = (value: unknown): Readonly<Record<string, unknown>> => {
  const read: unknown = typeof value === "string" && value !== "" ? JSON.parse(value) : value;
  return isObject(read) ? read : {};
};
