import type { IncomingMessage } from "node:http";

/** The whole body of a request, or `"too large"` as soon as that is known; the rest is not read then. */
export const readBody = (
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | "too large"> =>
  new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > maxBytes) {
      resolve("too large");
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) {
        request.off("data", take);
        request.pause();
        resolve("too large");
        return;
      }
      chunks.push(chunk);
    };
    request.on("data", take);
    request.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on("error", reject);
  });
