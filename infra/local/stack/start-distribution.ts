import type { ResolvedResource } from "../cloudformation/resolve-template.ts";
import {
  type CloudFront,
  type CloudFrontOptions,
  startCloudFront,
} from "../cloudfront/cloudfront.ts";
import { type S3, startS3 } from "../s3/s3.ts";
import type { Ground } from "./ground.ts";

/**
 * Starts the template's distribution; from then on its name is found on this machine.
 * @throws LocalError `PortInUse`, `TemplateNotUnderstood` (not exactly one distribution, or one that is not imitated)
 */
export const startDistribution = async (
  {
    identity,
    declared,
    addresses,
    log,
  }: Pick<Ground, "identity" | "declared" | "addresses" | "log">,
  options: Pick<CloudFrontOptions, "port" | "readObject"> & {
    /** An address by which the template knows the distribution on this machine. */
    readonly servedLocally?: string | undefined;
  },
): Promise<CloudFront> => {
  const { physical, properties } = declared.theOne("AWS::CloudFront::Distribution", "distribution");
  const domainName = physical.attributes.DomainName ?? "";
  const named = (type: string, nameOf: (resource: ResolvedResource) => string) =>
    declared.ofType(type).map((resource) => ({
      name: nameOf(resource),
      properties: resource.properties,
    }));
  const byRef = (type: string) => named(type, ({ physical: { ref } }) => ref);
  const started = await startCloudFront({
    port: options.port,
    accountId: identity.accountId,
    distribution: { id: physical.ref, domainName, properties },
    functions: byRef("AWS::CloudFront::Function"),
    responseHeadersPolicies: byRef("AWS::CloudFront::ResponseHeadersPolicy"),
    originAccessControls: byRef("AWS::CloudFront::OriginAccessControl"),
    bucketPolicies: named("AWS::S3::BucketPolicy", ({ logicalId }) => logicalId),
    readObject: options.readObject,
    rewriteUrl: addresses.here,
    log,
  });
  addresses.add(`https://${domainName}`, started.url);
  if (options.servedLocally !== undefined) addresses.add(options.servedLocally, started.url);
  return started;
};

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
