// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
import * as z from "zod";
import { decidePolicy, parsePolicy, type Statement } from "#local/policy/policy.ts";
import { matchesWildcard } from "#local/policy/policy-pattern.ts";
import { parseTemplate } from "#local/wire/parse-template.ts";

const SERVICE = "cloudfront.amazonaws.com";

const policySchema = z.strictObject({ Bucket: z.string(), PolicyDocument: z.unknown() });

/** What the policies of the template's buckets let a distribution do. */
export interface BucketPolicies {
  mayRead(bucket: string, key: string): boolean;
  /** Whoever may not list a bucket is not told that an object is missing. */
  mayList(bucket: string): boolean;
}

/** @throws LocalError `TemplateNotUnderstood` for a policy that is none */
export const readBucketPolicies = (
  policies: readonly { readonly name: string; readonly properties: unknown }[],
  distribution: { readonly arn: string; readonly accountId: string },
): BucketPolicies => {
  const statements = policies.flatMap(({ name, properties }) => {
    const where = `AWS::S3::BucketPolicy ${name}`;
    const { Bucket, PolicyDocument } = parseTemplate(policySchema, where, properties);
    return parsePolicy(PolicyDocument, "resource", where)
      .filter(({ services }) => services.some((service) => matchesWildcard(service, SERVICE)))
      .map((statement): readonly [string, Statement] => [Bucket, statement]);
  });
  const may = (bucket: string, action: string, resource: string): boolean =>
    decidePolicy(
      statements.filter(([of]) => of === bucket).map(([, statement]) => statement),
      {
        action,
        resource,
        context: {
          "aws:SourceArn": distribution.arn,
          "aws:SourceAccount": distribution.accountId,
          // CloudFront asks S3 over TLS as its viewers ask CloudFront, and they do when it is deployed.
          "aws:SecureTransport": "true",
        },
      },
    ) === "allow";
  return {
    mayRead: (bucket, key) => may(bucket, "s3:GetObject", `arn:aws:s3:::${bucket}/${key}`),
    mayList: (bucket) => may(bucket, "s3:ListBucket", `arn:aws:s3:::${bucket}`),
  };
};
