// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
import * as z from "zod";
import { parseTemplate } from "#local/wire/parse-template.ts";

// What is stored is not encrypted here, and nothing here is public.
const bucketSchema = z.strictObject({
  BucketName: z.string().optional(),
  BucketEncryption: z.unknown().optional(),
  OwnershipControls: z
    .strictObject({
      Rules: z.array(z.strictObject({ ObjectOwnership: z.literal("BucketOwnerEnforced") })),
    })
    .optional(),
  PublicAccessBlockConfiguration: z.strictObject({
    BlockPublicAcls: z.literal(true),
    BlockPublicPolicy: z.literal(true),
    IgnorePublicAcls: z.literal(true),
    RestrictPublicBuckets: z.literal(true),
  }),
  Tags: z.unknown().optional(),
});

/** @throws LocalError `TemplateNotUnderstood` for what is not imitated: versions, life cycles, a bucket that is public … */
export const checkBucket = (name: string, properties: unknown): void => {
  parseTemplate(bucketSchema, `AWS::S3::Bucket ${name}`, properties);
};
