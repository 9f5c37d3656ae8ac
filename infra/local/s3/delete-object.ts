// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
import {
  bucketArn,
  emptyResponse,
  refuseMore,
  requireBucket,
  type S3Operation,
} from "./operation.ts";

/** Takes an object away; one that is not there is as good. */
export const deleteObject: S3Operation = {
  name: "DeleteObject",
  method: "DELETE",
  path: "/{Bucket}/{Key+}",
  understand: ({ request, parameters }, buckets) => {
    const bucket = parameters("Bucket");
    const key = parameters("Key");
    refuseMore(request, {});
    return {
      permissions: [{ action: "s3:DeleteObject", resource: `${bucketArn(bucket)}/${key}` }],
      carryOut: () => {
        requireBucket(buckets, bucket);
        buckets.objects.delete(bucket, key);
        return emptyResponse(204);
      },
    };
  },
};
