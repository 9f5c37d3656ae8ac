// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
import { AwsError } from "#local/wire/aws-service.ts";
import { bucketArn, refuseMore, requireBucket, type S3Operation } from "./operation.ts";

/** An object, whole. */
export const getObject: S3Operation = {
  name: "GetObject",
  method: "GET",
  path: "/{Bucket}/{Key+}",
  understand: ({ request, parameters }, buckets) => {
    const bucket = parameters("Bucket");
    const key = parameters("Key");
    refuseMore(request, { headers: ["x-amz-checksum-mode"] });
    return {
      permissions: [{ action: "s3:GetObject", resource: `${bucketArn(bucket)}/${key}` }],
      carryOut: () => {
        requireBucket(buckets, bucket);
        const object = buckets.objects.get(bucket, key);
        if (object === undefined) {
          throw new AwsError("NoSuchKey", "The specified key does not exist.", { status: 404 });
        }
        const { cacheControl } = object;
        return {
          status: 200,
          headers: {
            "content-type": object.contentType,
            ...(cacheControl === undefined ? {} : { "cache-control": cacheControl }),
            etag: object.etag,
            "last-modified": new Date(object.modifiedMs).toUTCString(),
            "accept-ranges": "bytes",
          },
          body: object.body,
        };
      },
    };
  },
};
