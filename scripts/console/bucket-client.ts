import { S3Client } from "@aws-sdk/client-s3";
import type { ClientOptions } from "../devices/stack-outputs.ts";

/** S3 where the stack is; by path, because another endpoint than AWS's has no names for buckets. */
export const bucketClient = (options: ClientOptions): S3Client =>
  new S3Client({ ...options, forcePathStyle: options.endpoint !== undefined });
