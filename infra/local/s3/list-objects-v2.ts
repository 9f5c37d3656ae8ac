// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
import { AwsError, type AwsRequest, notEmulated } from "#local/wire/aws-service.ts";
import { pageByName } from "#local/wire/page.ts";
import { escapeXml } from "#local/wire/xml.ts";
import { bucketArn, refuseMore, requireBucket, type S3Operation } from "./operation.ts";

const XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/";
const MOST = 1000;

/** The keys of a bucket, in order. */
export const listObjectsV2: S3Operation = {
  name: "ListObjectsV2",
  method: "GET",
  path: "/{Bucket}/",
  understand: ({ request, parameters }, buckets) => {
    const bucket = parameters("Bucket");
    const { prefix, size, token } = parse(request);
    return {
      permissions: [{ action: "s3:ListBucket", resource: bucketArn(bucket) }],
      carryOut: () => {
        requireBucket(buckets, bucket);
        const page = pageByName(
          (after, limit) => buckets.objects.page(bucket, prefix, after, limit),
          ({ key }) => key,
          {
            size,
            token,
            invalidToken: () =>
              new AwsError("InvalidArgument", "The continuation token provided is incorrect"),
          },
        );
        const contents = page.items.map(
          ({ key, etag, modifiedMs, size: bytes }) =>
            `<Contents><Key>${escapeXml(key)}</Key><LastModified>${new Date(modifiedMs).toISOString()}</LastModified>` +
            `<ETag>${escapeXml(etag)}</ETag><Size>${bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
        );
        const next =
          page.next === undefined
            ? ""
            : `<NextContinuationToken>${page.next}</NextContinuationToken>`;
        return {
          status: 200,
          headers: { "content-type": "application/xml" },
          body:
            `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="${XMLNS}"><Name>${bucket}</Name>` +
            `<Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${page.items.length}</KeyCount><MaxKeys>${size}</MaxKeys>` +
            `<IsTruncated>${page.next !== undefined}</IsTruncated>${contents.join("")}${next}</ListBucketResult>`,
        };
      },
    };
  },
};

const parse = (request: AwsRequest) => {
  const { query } = request;
  if (query.get("list-type") !== "2") throw notEmulated("S3", "ListObjects, the first version");
  refuseMore(request, { query: ["list-type", "prefix", "max-keys", "continuation-token"] });
  const size = Number(query.get("max-keys") ?? MOST);
  if (!Number.isInteger(size) || size < 0) {
    throw new AwsError(
      "InvalidArgument",
      "Provided max-keys not an integer or within integer range",
    );
  }
  return {
    prefix: query.get("prefix") ?? "",
    size: Math.min(size, MOST),
    token: query.get("continuation-token") ?? undefined,
  };
};
