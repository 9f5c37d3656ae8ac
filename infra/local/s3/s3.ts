// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
import type { AwsService } from "#local/wire/aws-service.ts";
import { restService } from "#local/wire/rest-service.ts";
import { checkBucket } from "./bucket-settings.ts";
import { deleteObject } from "./delete-object.ts";
import { getObject } from "./get-object.ts";
import { listObjectsV2 } from "./list-objects-v2.ts";
import { openObjectTable } from "./object-table.ts";
import { putObject } from "./put-object.ts";

export interface S3Options {
  /** SQLite file of the objects; `:memory:` for tests. */
  readonly file: string;
  /** Resolved properties of each AWS::S3::Bucket. */
  readonly buckets: readonly { readonly name: string; readonly properties: unknown }[];
  /** The clock, for tests. */
  readonly nowMs?: () => number;
}

/** A running S3. */
export interface S3 {
  readonly service: AwsService;
  close(): void;
}

/**
 * S3 with the template's buckets, found by path; what is in them survives a restart.
 * @throws LocalError `DataDamaged`, `AlreadyRunning`, `TemplateNotUnderstood` (a bucket)
 */
export const startS3 = (options: S3Options): S3 => {
  for (const { name, properties } of options.buckets) checkBucket(name, properties);
  const objects = openObjectTable(options.file);
  return {
    service: restService({
      name: "S3",
      signingNames: ["s3"],
      operations: [putObject, getObject, deleteObject, listObjectsV2],
      context: {
        names: new Set(options.buckets.map(({ name }) => name)),
        objects,
        nowMs: options.nowMs ?? Date.now,
      },
      invalid: "InvalidURI",
      errorProtocol: "s3",
    }),
    close: () => objects.close(),
  };
};
