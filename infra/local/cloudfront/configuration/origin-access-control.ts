// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-originaccesscontrol-originaccesscontrolconfig.html
import * as z from "zod";
import { parseTemplate } from "#local/wire/parse-template.ts";

const controlSchema = z.strictObject({
  OriginAccessControlConfig: z.strictObject({
    Name: z.string(),
    Description: z.string().optional(),
    OriginAccessControlOriginType: z.literal("s3"),
    SigningBehavior: z.literal("always"),
    SigningProtocol: z.literal("sigv4"),
  }),
});

/**
 * Checks that CloudFront signs each of its requests for an object.
 * @throws LocalError `TemplateNotUnderstood` for a control that does not
 */
export const checkOriginAccessControl = (id: string, properties: unknown): void => {
  parseTemplate(controlSchema, `AWS::CloudFront::OriginAccessControl ${id}`, properties);
};
