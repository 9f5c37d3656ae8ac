import {
  DeleteObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ConsoleObject } from "./console-objects.ts";

// A page that is open still loads what the page before it named.
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Puts the console's files into its bucket, and takes out what no page has named for a month. */
export const uploadConsole = async (
  s3: S3Client,
  bucket: string,
  objects: readonly ConsoleObject[],
  nowMs: number,
): Promise<void> => {
  for (const { key, body, contentType, cacheControl } of objects) {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        CacheControl: cacheControl,
      }),
    );
  }
  const current = new Set(objects.map(({ key }) => key));
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    for (const { Key, LastModified } of Contents) {
      if (Key === undefined || current.has(Key)) continue;
      if (LastModified === undefined || nowMs - LastModified.getTime() < KEPT_MS) continue;
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    }
  }
};
