// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html
import { Script } from "node:vm";
import * as z from "zod";
import { LocalError } from "#local/wire/local-error.ts";
import { parseTemplate } from "#local/wire/parse-template.ts";

/** A CloudFront Function, its text compiled. */
export interface ViewerFunction {
  readonly name: string;
  readonly script: Script;
}

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
const MAX_BYTES = 10 * 1024;

const functionSchema = z.strictObject({
  Name: z.string().max(64),
  // Without it the text would stay a draft, which no distribution runs.
  AutoPublish: z.literal(true),
  FunctionCode: z
    .string()
    .refine((code) => Buffer.byteLength(code) <= MAX_BYTES, `it is longer than ${MAX_BYTES} bytes`),
  FunctionConfig: z.strictObject({
    Comment: z.string(),
    Runtime: z.literal("cloudfront-js-2.0"),
  }),
});

/** @throws LocalError `TemplateNotUnderstood` for what is not imitated, and for a text that is no JavaScript */
export const parseFunction = (arn: string, properties: unknown): ViewerFunction => {
  const what = `AWS::CloudFront::Function ${arn}`;
  const { Name: name, FunctionCode: code } = parseTemplate(functionSchema, what, properties);
  try {
    return { name, script: new Script(code, { filename: name }) };
  } catch (cause) {
    throw new LocalError("TemplateNotUnderstood", `${what}: its text is no JavaScript`, { cause });
  }
};
