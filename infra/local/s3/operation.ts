import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  notEmulated,
} from "#local/wire/aws-service.ts";
import type { RestOperation } from "#local/wire/rest-service.ts";
import type { ObjectTable } from "./object-table.ts";

/** The template's buckets, and what is in them. */
export interface Buckets {
  readonly names: ReadonlySet<string>;
  readonly objects: ObjectTable;
  readonly nowMs: () => number;
}

export type S3Operation = RestOperation<Buckets>;

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/** @throws AwsError `NoSuchBucket` */
export const requireBucket = ({ names }: Buckets, bucket: string): void => {
  if (names.has(bucket)) return;
  throw new AwsError("NoSuchBucket", "The specified bucket does not exist", { status: 404 });
};

/**
 * Refuses what a request asks for besides: a query such as `acl`, a header such as `x-amz-storage-class`.
 * @throws AwsError `NotEmulated`
 */
export const refuseMore = (
  { query, headers }: AwsRequest,
  known: { readonly query?: readonly string[]; readonly headers?: readonly string[] },
): void => {
  // The SDKs' own name for the operation, and what is signed.
  const queries = ["x-id", ...(known.query ?? [])];
  const amz = [
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-user-agent",
    ...(known.headers ?? []),
  ];
  const asked =
    [...query.keys()].find((name) => !queries.includes(name)) ??
    Object.keys(headers).find((name) => name.startsWith("x-amz-") && !amz.includes(name));
  if (asked !== undefined) throw notEmulated("S3", `with ${asked}`);
};

/** An answer without a body. */
export const emptyResponse = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
): AwsResponse => ({ status, headers, body: "" });
