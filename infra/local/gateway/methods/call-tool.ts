// https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html
import * as z from "zod";
import { isObject } from "#local/wire/json.ts";
import { invokeLambda } from "../interceptors/invoke-lambda.ts";
import { errorAnswer, INTERNAL_ERROR, resultAnswer } from "../request/answer.ts";
import { clientContext } from "./client-context.ts";
import type { Operation } from "./operation.ts";

// Not z.record: it would drop a key that JavaScript has a meaning for, and the function must see all.
const anyObject = z.custom<Readonly<Record<string, unknown>>>(isObject, {
  error: "must be an object",
});

const params = z.object({ name: z.string(), arguments: anyObject.nullish() });

/**
 * Calls the function behind a tool with the arguments, and nothing but the arguments, as its event.
 * They are not checked against the tool's schema: what AgentCore checks is not published.
 */
export const callTool: Operation = async (gateway, intercepted, arrived) => {
  const { message } = intercepted;
  const call = params.safeParse(message.params);
  if (!call.success) {
    const [issue] = call.error.issues;
    const text = `Invalid params: ${issue?.path.join(".")}: ${issue?.message}`;
    return errorAnswer(message.id, { code: -32_602, message: text });
  }
  const { name } = call.data;
  const target = gateway.targets.find(({ tools }) => tools.some((tool) => tool.name === name));
  if (target === undefined) {
    return errorAnswer(message.id, { code: -32_602, message: `Unknown tool: ${name}` });
  }
  const context = clientContext(gateway, target, name, intercepted, arrived);
  const event = call.data.arguments ?? {};
  const leave = await gateway.admission.enter();
  const invocation = await invokeLambda(gateway, target.lambdaArn, event, context).finally(leave);
  if (invocation.ok) {
    // The function's JSON, untouched; a {statusCode, body} is not unwrapped.
    const content = [{ type: "text", text: invocation.payload }];
    return resultAnswer(message.id, { isError: false, content });
  }
  const text = gateway.configuration.tellsFailures ? invocation.why : INTERNAL_ERROR;
  return resultAnswer(message.id, { isError: true, content: [{ type: "text", text }] });
};
