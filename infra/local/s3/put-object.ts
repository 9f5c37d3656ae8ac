// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError, type AwsRequest, notEmulated } from "#local/wire/aws-service.ts";
import {
  bucketArn,
  emptyResponse,
  refuseMore,
  requireBucket,
  type S3Operation,
} from "./operation.ts";

/** Puts an object in the place of what was there. */
export const putObject: S3Operation = {
  name: "PutObject",
  method: "PUT",
  path: "/{Bucket}/{Key+}",
  understand: ({ request, parameters }, buckets) => {
    const bucket = parameters("Bucket");
    const key = parameters("Key");
    refuseMore(request, { headers: ["x-amz-sdk-checksum-algorithm", "x-amz-checksum-crc32"] });
    checkBody(request);
    const { body, headers } = request;
    const cacheControl = headers["cache-control"];
    return {
      permissions: [{ action: "s3:PutObject", resource: `${bucketArn(bucket)}/${key}` }],
      carryOut: () => {
        requireBucket(buckets, bucket);
        const etag = `"${hash("md5", body, "hex")}"`;
        buckets.objects.put(bucket, {
          key,
          body,
          etag,
          contentType: headers["content-type"] ?? "application/octet-stream",
          ...(cacheControl === undefined ? {} : { cacheControl }),
          modifiedMs: buckets.nowMs(),
        });
        return emptyResponse(200, { etag });
      },
    };
  },
};

/** What the request says of its body must be so. */
const checkBody = ({ body, headers }: AwsRequest): void => {
  const sha256 = headers["x-amz-content-sha256"] ?? "";
  if (sha256.startsWith("STREAMING-")) throw notEmulated("S3", `PutObject with ${sha256}`);
  if (sha256 !== "UNSIGNED-PAYLOAD" && sha256 !== hash("sha256", body, "hex")) {
    throw new AwsError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const told = headers["x-amz-checksum-crc32"];
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  if (told !== undefined && told !== sum.toString("base64")) {
    throw new AwsError(
      "BadDigest",
      "The CRC32 you specified did not match the calculated checksum.",
    );
  }
};
