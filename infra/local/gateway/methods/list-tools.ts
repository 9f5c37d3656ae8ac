// https://modelcontextprotocol.io/specification/2025-11-25/server/tools#listing-tools
import { errorAnswer, resultAnswer } from "../request/answer.ts";
import type { Operation } from "./operation.ts";

// AgentCore's page size is not published. Small enough that a client that ignores nextCursor is found out.
const PAGE = 50;

/** One page of all targets' tools, in the template's order. */
export const listTools: Operation = ({ targets }, { message }) => {
  const start = startOf(message.params.cursor);
  const tools = targets.flatMap((target) => target.tools);
  if (start === undefined || start > tools.length) {
    return errorAnswer(message.id, { code: -32_602, message: "Invalid cursor" });
  }
  const end = start + PAGE;
  return resultAnswer(message.id, {
    tools: tools.slice(start, end),
    ...(end < tools.length ? { nextCursor: cursorOf(end) } : {}),
  });
};

const cursorOf = (start: number): string => Buffer.from(`tools:${start}`).toString("base64url");

const startOf = (cursor: unknown): number | undefined => {
  if (cursor === undefined) return 0;
  if (typeof cursor !== "string") return undefined;
  const [, start] = /^tools:(\d{1,6})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  return start === undefined ? undefined : Number(start);
};
