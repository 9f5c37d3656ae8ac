// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-gatewaytarget.html
import * as z from "zod";
import { parseTemplate } from "#local/wire/parse-template.ts";
import type { ListedTool, Target } from "./configuration.ts";
import { isRestrictedHeader } from "./restricted-headers.ts";
import { jsonSchemaOf, schemaDefinition } from "./schema-definition.ts";

const header = z
  .string()
  .regex(/^[a-zA-Z0-9_-]+$/)
  .refine((name) => !isRestrictedHeader(name), { error: "is a header that may not be passed on" });

const target = z.strictObject({
  GatewayIdentifier: z.string().optional(),
  Name: z.string().regex(/^([0-9a-zA-Z]-?){1,100}$/),
  Description: z.string().optional(),
  CredentialProviderConfigurations: z
    .array(z.strictObject({ CredentialProviderType: z.literal("GATEWAY_IAM_ROLE") }))
    .length(1),
  MetadataConfiguration: z
    .strictObject({ AllowedRequestHeaders: z.array(header).max(10).optional() })
    .optional(),
  TargetConfiguration: z.strictObject({
    Mcp: z.strictObject({
      Lambda: z.strictObject({
        LambdaArn: z.string(),
        ToolSchema: z.strictObject({
          InlinePayload: z
            .array(
              z.strictObject({
                Name: z.string().min(1).max(256),
                Description: z.string(),
                InputSchema: schemaDefinition,
                OutputSchema: schemaDefinition.optional(),
              }),
            )
            .min(1)
            .max(1000),
        }),
      }),
    }),
  }),
});

/**
 * Reads a target.
 * @throws LocalError `TemplateNotUnderstood` for every kind of target but Lambda, and for what AWS itself would refuse.
 */
export const parseTarget = (targetId: string, properties: unknown): Target => {
  const what = `AWS::BedrockAgentCore::GatewayTarget ${targetId}`;
  const { Name, TargetConfiguration, MetadataConfiguration } = parseTemplate(
    target,
    what,
    properties,
  );
  const { LambdaArn, ToolSchema } = TargetConfiguration.Mcp.Lambda;
  return {
    targetId,
    name: Name,
    lambdaArn: LambdaArn,
    allowedRequestHeaders: (MetadataConfiguration?.AllowedRequestHeaders ?? []).map((name) =>
      name.toLowerCase(),
    ),
    tools: ToolSchema.InlinePayload.map(
      (tool): ListedTool => ({
        name: `${Name}___${tool.Name}`,
        description: tool.Description,
        inputSchema: jsonSchemaOf(tool.InputSchema),
        ...(tool.OutputSchema === undefined
          ? {}
          : { outputSchema: jsonSchemaOf(tool.OutputSchema) }),
      }),
    ),
  };
};
