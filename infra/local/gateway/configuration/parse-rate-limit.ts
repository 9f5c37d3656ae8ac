// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-gatewayratelimit.html
import * as z from "zod";
import { LocalError } from "#local/wire/local-error.ts";
import { parseTemplate } from "#local/wire/parse-template.ts";
import type { RateLimit } from "./rate-limit.ts";

const PERIODS = { second: 1, minute: 60 } as const;

// $.context.iam.* has no meaning with CUSTOM_JWT, qualifiedModelId none without inference targets.
const dimensionKey = z.union([
  z.literal("targetName"),
  z.literal("toolName"),
  z.string().regex(/^\$\.context\.jwt\.[^.]+$/),
]);

const rateLimit = z.strictObject({
  GatewayIdentifier: z.string().optional(),
  RateLimitId: z.string().optional(),
  Description: z.string().max(512).optional(),
  DimensionKeys: z.array(dimensionKey).min(1).max(10),
  Entries: z
    .array(
      z.strictObject({
        Dimensions: z.record(z.string(), z.string()),
        // Tokens are of inference targets; limits on connections are not imitated.
        Requests: z
          .array(
            z.strictObject({
              Period: z.enum(["second", "minute"]),
              Rate: z.number().min(0).max(10_000_000),
            }),
          )
          .length(1),
      }),
    )
    .min(1)
    .max(1000),
});

/**
 * Reads a rate limit.
 * @throws LocalError `TemplateNotUnderstood` for what is not imitated and for what AWS itself would refuse.
 */
export const parseRateLimit = (rateLimitId: string, properties: unknown): RateLimit => {
  const what = `AWS::BedrockAgentCore::GatewayRateLimit ${rateLimitId}`;
  const parsed = parseTemplate(rateLimit, what, properties);
  const keys = parsed.DimensionKeys;
  return {
    rateLimitId: parsed.RateLimitId ?? rateLimitId,
    dimensionKeys: keys,
    entries: parsed.Entries.flatMap(({ Dimensions, Requests }) => {
      const dimensions = keys.map((key) => Dimensions[key] ?? "");
      if (Object.keys(Dimensions).length !== keys.length || dimensions.includes("")) {
        throw new LocalError(
          "TemplateNotUnderstood",
          `${what}: an entry must have a value for each of ${keys.join(", ")}`,
        );
      }
      if (dimensions.some((value, i) => value !== "*" && i > 0 && dimensions[i - 1] === "*")) {
        throw new LocalError(
          "TemplateNotUnderstood",
          `${what}: * may only stand in trailing places`,
        );
      }
      return Requests.map(({ Period, Rate }) => ({
        dimensions,
        rate: Rate,
        periodSeconds: PERIODS[Period],
      }));
    }),
  };
};
