import type { IncomingMessage } from "node:http";
import { AwsError } from "#local/wire/aws-service.ts";

// The largest request that a service takes here: DynamoDB's BatchWriteItem, 16 MiB. Lambda checks its own 6 MiB.
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const tooLarge = (): AwsError =>
  new AwsError("RequestEntityTooLargeException", "The request is larger than 16 MiB.", {
    status: 413,
  });

/**
 * The whole body of a request.
 * @throws AwsError 413 as soon as it is known to be too large.
 */
export const readBody = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
      reject(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) {
        request.pause();
        reject(tooLarge());
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on("error", reject);
  });
