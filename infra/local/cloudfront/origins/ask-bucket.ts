// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorS3Origin.html
import type { ViewerRequest } from "../viewer/viewer-request.ts";
import type { BucketPolicies } from "./bucket-policies.ts";
import type { OriginAnswer } from "./origin-answer.ts";

/** How an object of a bucket is got; absent is an answer, a bucket that cannot be reached rejects. */
export type ReadObject = (
  bucket: string,
  key: string,
) => Promise<
  | { readonly headers: Readonly<Record<string, string | undefined>>; readonly body: Buffer }
  | undefined
>;

/** Headers of S3 that CloudFront passes on. */
const PASSED = ["content-type", "cache-control", "etag", "last-modified", "accept-ranges"] as const;

/** Asks a bucket as its policy lets CloudFront ask. */
export const askBucket = async (
  bucket: string,
  { method, uri, headers: asked }: ViewerRequest,
  { policies, readObject }: { readonly policies: BucketPolicies; readonly readObject: ReadObject },
): Promise<OriginAnswer> => {
  if (method !== "GET" && method !== "HEAD") {
    return s3Error(405, "MethodNotAllowed", "The specified method is not allowed here.");
  }
  const key = keyOf(uri);
  if (key === undefined) return s3Error(400, "InvalidURI", "Couldn't parse the specified URI.");
  const object = policies.mayRead(bucket, key) ? await readObject(bucket, key) : undefined;
  if (object === undefined) {
    return policies.mayRead(bucket, key) && policies.mayList(bucket)
      ? s3Error(404, "NoSuchKey", "The specified key does not exist.")
      : s3Error(403, "AccessDenied", "Access Denied");
  }
  const headers = Object.fromEntries(
    PASSED.flatMap((name) => {
      const value = object.headers[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const isKnown = headers.etag !== undefined && asked["if-none-match"]?.includes(headers.etag);
  return isKnown === true
    ? { status: 304, headers, body: Buffer.alloc(0) }
    : { status: 200, headers, body: object.body };
};

/** `undefined` for what S3 cannot read. */
const keyOf = (uri: string): string | undefined => {
  try {
    return decodeURIComponent(uri.slice(1));
  } catch {
    // Not percent-encoded UTF-8.
    return undefined;
  }
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const s3Error = (status: number, code: string, message: string): OriginAnswer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  ),
});
