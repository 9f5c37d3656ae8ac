// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-distributionconfig.html
import * as z from "zod";
import { LocalError } from "#local/wire/local-error.ts";
import { parseTemplate } from "#local/wire/parse-template.ts";
import {
  type CachePolicy,
  cachePolicy,
  type OriginRequestPolicy,
  originRequestPolicy,
} from "./managed-policies.ts";

/** Where a behaviour's requests go. */
export type Origin =
  | { readonly kind: "s3"; readonly bucket: string; readonly originAccessControlId: string }
  | { readonly kind: "custom"; readonly host: string; readonly readTimeoutMs: number };

/** What happens to requests whose path matches. */
export interface Behaviour {
  /** `*` for the default one. */
  readonly pathPattern: string;
  readonly origin: Origin;
  readonly allowedMethods: ReadonlySet<string>;
  readonly cachePolicy: CachePolicy;
  readonly originRequestPolicy?: OriginRequestPolicy;
  readonly responseHeadersPolicyId?: string;
  readonly viewerRequestFunctionArn?: string;
}

const METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"] as const;
// The three lists that CloudFront takes.
const METHOD_LISTS = [METHODS.slice(0, 2), METHODS.slice(0, 3), METHODS];
const sameMethods = (given: readonly string[]): boolean =>
  METHOD_LISTS.some(
    (list) => list.length === given.length && list.every((method) => given.includes(method)),
  );

const behaviourShape = {
  TargetOriginId: z.string(),
  ViewerProtocolPolicy: z.enum(["https-only", "redirect-to-https"]),
  AllowedMethods: z
    .array(z.enum(METHODS))
    .refine(sameMethods, "GET and HEAD, these and OPTIONS, or all seven")
    .default(["GET", "HEAD"]),
  CachePolicyId: z.string(),
  OriginRequestPolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  Compress: z.boolean().default(false),
  // One for each kind of event, says CloudFront; that of a viewer's response is not run here.
  FunctionAssociations: z
    .array(z.strictObject({ EventType: z.literal("viewer-request"), FunctionARN: z.string() }))
    .max(1)
    .default([]),
};

const originSchema = z.strictObject({
  Id: z.string(),
  DomainName: z.string(),
  OriginAccessControlId: z.string().optional(),
  S3OriginConfig: z.strictObject({ OriginAccessIdentity: z.literal("") }).optional(),
  CustomOriginConfig: z
    .strictObject({
      OriginProtocolPolicy: z.literal("https-only"),
      OriginSSLProtocols: z.array(z.literal("TLSv1.2")).optional(),
      OriginReadTimeout: z.int().min(1).max(120).default(30),
      OriginKeepaliveTimeout: z.int().min(1).max(120).default(5),
    })
    .optional(),
});

const distributionSchema = z.strictObject({
  DistributionConfig: z.strictObject({
    Enabled: z.literal(true),
    Comment: z.string().optional(),
    HttpVersion: z.string().optional(),
    IPV6Enabled: z.boolean().optional(),
    PriceClass: z.string().optional(),
    Origins: z.array(originSchema).min(1),
    DefaultCacheBehavior: z.strictObject(behaviourShape),
    CacheBehaviors: z
      .array(z.strictObject({ ...behaviourShape, PathPattern: z.string() }))
      .default([]),
  }),
});

type OriginProperties = z.infer<typeof originSchema>;

/**
 * The behaviours of a distribution, in the order in which CloudFront tries them; the default one is the last.
 * @throws LocalError `TemplateNotUnderstood` for what is not imitated: error pages, Lambda@Edge, aliases, logs …
 */
export const parseDistribution = (id: string, properties: unknown): readonly Behaviour[] => {
  const what = `AWS::CloudFront::Distribution ${id}`;
  const { DistributionConfig: config } = parseTemplate(distributionSchema, what, properties);
  const origins = new Map(config.Origins.map((origin) => [origin.Id, parseOrigin(origin, what)]));
  const behaviours = [
    ...config.CacheBehaviors,
    { ...config.DefaultCacheBehavior, PathPattern: "*" },
  ];
  return behaviours.map((given) => {
    const { PathPattern: pathPattern, OriginRequestPolicyId: policyId } = given;
    const where = `${what}: ${pathPattern}`;
    const origin = origins.get(given.TargetOriginId);
    if (origin === undefined) throw refused(`${where}: no origin is ${given.TargetOriginId}`);
    const [viewerRequest] = given.FunctionAssociations;
    return {
      pathPattern,
      origin,
      allowedMethods: new Set<string>(given.AllowedMethods),
      cachePolicy: cachePolicy(given.CachePolicyId, where),
      ...(policyId === undefined
        ? {}
        : { originRequestPolicy: originRequestPolicy(policyId, where) }),
      ...(given.ResponseHeadersPolicyId === undefined
        ? {}
        : { responseHeadersPolicyId: given.ResponseHeadersPolicyId }),
      ...(viewerRequest === undefined
        ? {}
        : { viewerRequestFunctionArn: viewerRequest.FunctionARN }),
    };
  });
};

const S3_HOST = /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3\.[a-z0-9-]+\.amazonaws\.com$/;

const parseOrigin = (origin: OriginProperties, what: string): Origin => {
  const { DomainName: host, CustomOriginConfig: custom, OriginAccessControlId: control } = origin;
  if (custom !== undefined && origin.S3OriginConfig === undefined && control === undefined) {
    return { kind: "custom", host, readTimeoutMs: custom.OriginReadTimeout * 1000 };
  }
  const [, bucket] = S3_HOST.exec(host) ?? [];
  if (bucket === undefined || control === undefined || custom !== undefined) {
    throw refused(
      `${what}: the origin ${origin.Id} is neither a host of one's own nor a bucket behind an origin access control`,
    );
  }
  return { kind: "s3", bucket, originAccessControlId: control };
};

const refused = (why: string): LocalError => new LocalError("TemplateNotUnderstood", why);
