// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-gateway.html
import * as z from "zod";
import { parseTemplate } from "#local/wire/parse-template.ts";
import type {
  Authorizer,
  CustomClaim,
  GatewayConfiguration,
  Interceptor,
} from "./configuration.ts";

const scope = z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,255}$/);
const ignored = z.unknown().optional();

const customClaim = z.strictObject({
  InboundTokenClaimName: z.string(),
  InboundTokenClaimValueType: z.enum(["STRING", "STRING_ARRAY"]),
  AuthorizingClaimMatchValue: z.strictObject({
    ClaimMatchOperator: z.enum(["EQUALS", "CONTAINS", "CONTAINS_ANY"]),
    ClaimMatchValue: z.strictObject({
      MatchValueString: z.string().optional(),
      MatchValueStringList: z.array(z.string()).min(1).optional(),
    }),
  }),
});

const authorizer = z
  .strictObject({
    DiscoveryUrl: z.string().regex(/^.+\/\.well-known\/openid-configuration$/),
    AllowedAudience: z.array(z.string()).optional(),
    AllowedClients: z.array(z.string()).optional(),
    AllowedScopes: z.array(scope).optional(),
    AdvertisedScopeMapping: z.record(scope, z.string()).optional(),
    CustomClaims: z.array(customClaim).optional(),
  })
  .refine((a) => a.AllowedAudience ?? a.AllowedClients ?? a.AllowedScopes ?? a.CustomClaims, {
    error: "at least one of audience, clients, scopes and custom claims is required",
  });

const interceptor = z.strictObject({
  InterceptionPoints: z.array(z.enum(["REQUEST", "RESPONSE"])).min(1),
  Interceptor: z.strictObject({ Lambda: z.strictObject({ Arn: z.string() }) }),
  InputConfiguration: z
    .strictObject({
      PassRequestHeaders: z.boolean(),
      PayloadFilter: z
        .strictObject({ Exclude: z.array(z.strictObject({ Field: z.literal("RESPONSE_BODY") })) })
        .optional(),
    })
    .optional(),
});

// 2026-07-28 is a different protocol (no initialize); the local gateway does not speak it.
const version = z.enum(["2025-11-25", "2025-06-18", "2025-03-26"]);

const gateway = z.strictObject({
  Name: z.string().regex(/^([0-9a-zA-Z]-?){1,48}$/),
  Description: z.string().optional(),
  AuthorizerType: z.literal("CUSTOM_JWT"),
  AuthorizerConfiguration: z.strictObject({ CustomJWTAuthorizer: authorizer }),
  ProtocolType: z.literal("MCP").optional(),
  ProtocolConfiguration: z
    .strictObject({
      Mcp: z.strictObject({
        Instructions: z.string().max(2048).optional(),
        SupportedVersions: z.array(version).min(1).optional(),
      }),
    })
    .optional(),
  InterceptorConfigurations: z.array(interceptor).max(2).optional(),
  ExceptionLevel: z.literal("DEBUG").optional(),
  RoleArn: z.string(),
  KmsKeyArn: ignored,
  Tags: ignored,
});

/**
 * Reads a gateway.
 * @throws LocalError `TemplateNotUnderstood` for what is not imitated and for what AWS itself would refuse.
 */
export const parseGateway = (gatewayId: string, properties: unknown): GatewayConfiguration => {
  const what = `AWS::BedrockAgentCore::Gateway ${gatewayId}`;
  const parsed = parseTemplate(gateway, what, properties);
  const mcp = parsed.ProtocolConfiguration?.Mcp;
  const interceptors = parsed.InterceptorConfigurations ?? [];
  const at = (point: "REQUEST" | "RESPONSE"): Interceptor | undefined => {
    const found = interceptors.find((i) => i.InterceptionPoints.includes(point));
    if (found === undefined) return undefined;
    const input = found.InputConfiguration;
    return {
      lambdaArn: found.Interceptor.Lambda.Arn,
      passesRequestHeaders: input?.PassRequestHeaders ?? false,
      withoutResponseBody: (input?.PayloadFilter?.Exclude.length ?? 0) > 0,
    };
  };
  const requestInterceptor = at("REQUEST");
  const responseInterceptor = at("RESPONSE");
  return {
    authorizer: authorizerOf(parsed.AuthorizerConfiguration.CustomJWTAuthorizer),
    ...(mcp?.Instructions === undefined ? {} : { instructions: mcp.Instructions }),
    // A gateway without the list speaks the oldest version only.
    supportedVersions: [...(mcp?.SupportedVersions ?? ["2025-03-26"])].sort().reverse(),
    ...(requestInterceptor === undefined ? {} : { requestInterceptor }),
    ...(responseInterceptor === undefined ? {} : { responseInterceptor }),
    tellsFailures: parsed.ExceptionLevel === "DEBUG",
  };
};

const authorizerOf = (a: z.infer<typeof authorizer>): Authorizer => ({
  discoveryUrl: a.DiscoveryUrl,
  ...(a.AllowedAudience === undefined ? {} : { allowedAudience: a.AllowedAudience }),
  ...(a.AllowedClients === undefined ? {} : { allowedClients: a.AllowedClients }),
  ...(a.AllowedScopes === undefined
    ? {}
    : {
        allowedScopes: a.AllowedScopes,
        advertisedScopes: a.AllowedScopes.map((s) => a.AdvertisedScopeMapping?.[s] ?? s),
      }),
  customClaims: (a.CustomClaims ?? []).map(customClaimOf),
});

const customClaimOf = (claim: z.infer<typeof customClaim>): CustomClaim => {
  const { ClaimMatchOperator, ClaimMatchValue } = claim.AuthorizingClaimMatchValue;
  const { MatchValueString, MatchValueStringList } = ClaimMatchValue;
  return {
    name: claim.InboundTokenClaimName,
    type: claim.InboundTokenClaimValueType,
    operator: ClaimMatchOperator,
    values: MatchValueStringList ?? (MatchValueString === undefined ? [] : [MatchValueString]),
  };
};
