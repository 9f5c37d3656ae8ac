import type { IncomingMessage } from "node:http";
import { type Answer, errorAnswer } from "./answer.ts";

// "Payload size 6 MB for tools/call, tools/list and search".
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** The body as text, or the 413 that it deserves. */
export const readBody = async (request: IncomingMessage): Promise<string | Answer> => {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};

// The rest of the body is not read: the connection cannot be used again.
const tooLarge = (): Answer =>
  errorAnswer(null, { code: -32_600, message: "Request body is larger than 6 MB" }, 413, {
    connection: "close",
  });
