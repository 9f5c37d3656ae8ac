import { type S3, startS3 } from "../s3/s3.ts";
import type { Ground } from "./ground.ts";

/**
 * Starts S3 with the template's buckets.
 * @throws LocalError `DataDamaged`, `TemplateNotUnderstood` (a bucket)
 */
export const startBuckets = ({ declared, endpoint, file }: Ground): S3 => {
  const s3 = startS3({
    file: file("s3.sqlite"),
    buckets: declared
      .ofType("AWS::S3::Bucket")
      .map(({ physical, properties }) => ({ name: physical.ref, properties })),
  });
  endpoint.register(s3.service);
  return s3;
};
