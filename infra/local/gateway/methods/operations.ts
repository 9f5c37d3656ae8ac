import { errorAnswer } from "../request/answer.ts";
import { callTool } from "./call-tool.ts";
import { initialize } from "./initialize.ts";
import { listTools } from "./list-tools.ts";
import type { Operation } from "./operation.ts";
import { ping } from "./ping.ts";

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["initialize", initialize],
  ["ping", ping],
  ["tools/list", listTools],
  ["tools/call", callTool],
]);

/** Carries a message out. Prompts and resources belong to MCP-server targets; with Lambda targets they are not there. */
export const carryOut: Operation = (gateway, intercepted, arrived) => {
  const { id, method } = intercepted.message;
  const operation = OPERATIONS.get(method);
  return operation === undefined
    ? errorAnswer(id, { code: -32_601, message: "Method not found" })
    : operation(gateway, intercepted, arrived);
};
