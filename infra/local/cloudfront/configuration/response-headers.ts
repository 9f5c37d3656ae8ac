// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-responseheaderspolicy-securityheadersconfig.html
import * as z from "zod";
import { parseTemplate } from "#local/wire/parse-template.ts";

/** A header that a policy sets on every answer of a behaviour. */
export interface PolicyHeader {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Also where the origin set it. */
  readonly override: boolean;
}

const Override = z.boolean();
const policySchema = z.strictObject({
  ResponseHeadersPolicyConfig: z.strictObject({
    Name: z.string(),
    Comment: z.string().optional(),
    SecurityHeadersConfig: z
      .strictObject({
        ContentSecurityPolicy: z
          .strictObject({ ContentSecurityPolicy: z.string(), Override })
          .optional(),
        ContentTypeOptions: z.strictObject({ Override }).optional(),
        FrameOptions: z
          .strictObject({ FrameOption: z.enum(["DENY", "SAMEORIGIN"]), Override })
          .optional(),
        ReferrerPolicy: z.strictObject({ ReferrerPolicy: z.string(), Override }).optional(),
        StrictTransportSecurity: z
          .strictObject({
            AccessControlMaxAgeSec: z.int().min(0),
            IncludeSubdomains: z.boolean().default(false),
            Preload: z.boolean().default(false),
            Override,
          })
          .optional(),
      })
      .default({}),
    CustomHeadersConfig: z
      .strictObject({
        Items: z.array(z.strictObject({ Header: z.string(), Value: z.string(), Override })),
      })
      .default({ Items: [] }),
  }),
});

/**
 * The headers that a response headers policy sets.
 * @throws LocalError `TemplateNotUnderstood` for what is not imitated: CORS, headers that are taken off, server timing
 */
export const parseResponseHeaders = (id: string, properties: unknown): readonly PolicyHeader[] => {
  const { ResponseHeadersPolicyConfig: config } = parseTemplate(
    policySchema,
    `AWS::CloudFront::ResponseHeadersPolicy ${id}`,
    properties,
  );
  const {
    ContentSecurityPolicy: content,
    ContentTypeOptions: type,
    FrameOptions: frame,
    ReferrerPolicy: referrer,
    StrictTransportSecurity: transport,
  } = config.SecurityHeadersConfig;
  const header = (name: string, value: string, override: boolean): PolicyHeader => ({
    name,
    value,
    override,
  });
  return [
    ...(content === undefined
      ? []
      : [header("content-security-policy", content.ContentSecurityPolicy, content.Override)]),
    ...(type === undefined ? [] : [header("x-content-type-options", "nosniff", type.Override)]),
    ...(frame === undefined ? [] : [header("x-frame-options", frame.FrameOption, frame.Override)]),
    ...(referrer === undefined
      ? []
      : [header("referrer-policy", referrer.ReferrerPolicy, referrer.Override)]),
    ...(transport === undefined
      ? []
      : [
          header(
            "strict-transport-security",
            [
              `max-age=${transport.AccessControlMaxAgeSec}`,
              ...(transport.IncludeSubdomains ? ["includeSubDomains"] : []),
              ...(transport.Preload ? ["preload"] : []),
            ].join("; "),
            transport.Override,
          ),
        ]),
    ...config.CustomHeadersConfig.Items.map(({ Header, Value, Override }) =>
      header(Header.toLowerCase(), Value, Override),
    ),
  ];
};
