// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html
import * as z from "zod";
import { LocalError } from "#local/wire/local-error.ts";
import { parseTemplate } from "#local/wire/parse-template.ts";
import { parseClient } from "./parse-client.ts";
import type { Group, Pool, Trigger } from "./pool.ts";

/** One pool and what belongs to it, as resolved CloudFormation properties. */
export interface PoolTemplate {
  readonly poolId: string;
  /** AWS::Cognito::UserPool */
  readonly properties: unknown;
  /** AWS::Cognito::UserPoolDomain */
  readonly domain?: unknown;
  /** AWS::Cognito::UserPoolResourceServer */
  readonly resourceServers: readonly unknown[];
  /** AWS::Cognito::UserPoolClient */
  readonly clients: readonly { readonly clientId: string; readonly properties: unknown }[];
  /** AWS::Cognito::UserPoolGroup */
  readonly groups: readonly unknown[];
  /** AWS::Cognito::ManagedLoginBranding; when absent, every client counts as styled. */
  readonly brandings?: readonly unknown[];
}

// Properties that change nothing on one machine: mail, messages, tags, protection against deletion.
const ignored = z.unknown().optional();

const poolSchema = z.strictObject({
  UserPoolName: z.string().optional(),
  UserPoolTier: z.enum(["LITE", "ESSENTIALS", "PLUS"]).default("ESSENTIALS"),
  Policies: z
    .strictObject({
      PasswordPolicy: z
        .strictObject({
          MinimumLength: z.int().min(6).max(99).default(8),
          RequireLowercase: z.boolean().default(false),
          RequireUppercase: z.boolean().default(false),
          RequireNumbers: z.boolean().default(false),
          RequireSymbols: z.boolean().default(false),
          TemporaryPasswordValidityDays: z.int().min(0).max(365).default(7),
        })
        .optional(),
      SignInPolicy: z
        .strictObject({ AllowedFirstAuthFactors: z.array(z.literal("PASSWORD")) })
        .optional(),
    })
    .optional(),
  UsernameConfiguration: z.strictObject({ CaseSensitive: z.boolean() }).optional(),
  AliasAttributes: z.array(z.literal("email")).optional(),
  // OPTIONAL is OFF for everybody who has registered no second factor, and here nobody can.
  MfaConfiguration: z.enum(["OFF", "OPTIONAL"]).optional(),
  UserPoolAddOns: z.strictObject({ AdvancedSecurityMode: z.literal("OFF") }).optional(),
  LambdaConfig: z
    .strictObject({
      PreTokenGeneration: z.string().optional(),
      PreTokenGenerationConfig: z
        .strictObject({
          LambdaArn: z.string(),
          LambdaVersion: z.enum(["V1_0", "V2_0", "V3_0"]),
        })
        .optional(),
    })
    .optional(),
  AdminCreateUserConfig: z.strictObject({
    AllowAdminCreateUserOnly: z.literal(true, {
      error: "must be true: the local stack has no self sign-up",
    }),
    InviteMessageTemplate: ignored,
    UnusedAccountValidityDays: ignored,
  }),
  AccountRecoverySetting: ignored,
  AutoVerifiedAttributes: ignored,
  DeletionProtection: ignored,
  DeviceConfiguration: ignored,
  EmailConfiguration: ignored,
  EmailVerificationMessage: ignored,
  EmailVerificationSubject: ignored,
  EnabledMfas: ignored,
  Schema: ignored,
  SmsAuthenticationMessage: ignored,
  SmsConfiguration: ignored,
  SmsVerificationMessage: ignored,
  UserAttributeUpdateSettings: ignored,
  UserPoolTags: ignored,
  VerificationMessageTemplate: ignored,
});

const domainSchema = z.strictObject({
  Domain: z.string(),
  UserPoolId: z.string(),
  ManagedLoginVersion: z.int().min(1).max(2).optional(),
});

const resourceServerSchema = z.strictObject({
  Identifier: z.string(),
  Name: z.string(),
  UserPoolId: z.string(),
  Scopes: z
    .array(z.strictObject({ ScopeName: z.string(), ScopeDescription: z.string() }))
    .default([]),
});

const brandingSchema = z.looseObject({ UserPoolId: z.string(), ClientId: z.string() });

const groupSchema = z.strictObject({
  UserPoolId: z.string(),
  GroupName: z.string(),
  Description: z.string().optional(),
  Precedence: z.int().min(0).optional(),
  RoleArn: z.string().optional(),
});

/**
 * Reads a pool and everything that belongs to it.
 * @throws LocalError `TemplateNotUnderstood` for what is not imitated and for what Cognito itself would refuse.
 */
export const parsePool = (
  template: PoolTemplate,
  at: { readonly region: string; readonly accountId: string },
): Pool => {
  const { poolId } = template;
  const pool = parseTemplate(poolSchema, `AWS::Cognito::UserPool ${poolId}`, template.properties);
  const policy = pool.Policies?.PasswordPolicy;
  const trigger = triggerOf(pool.LambdaConfig ?? {});
  if (pool.UserPoolTier === "LITE" && trigger !== undefined && trigger.version !== "V1_0") {
    throw new LocalError(
      "TemplateNotUnderstood",
      `AWS::Cognito::UserPool ${poolId}: LambdaVersion ${trigger.version} needs UserPoolTier ESSENTIALS or PLUS`,
    );
  }
  const domain =
    template.domain === undefined
      ? undefined
      : parseTemplate(domainSchema, `AWS::Cognito::UserPoolDomain of ${poolId}`, template.domain);
  const customScopes = template.resourceServers.flatMap((properties) => {
    const what = `AWS::Cognito::UserPoolResourceServer of ${poolId}`;
    const server = parseTemplate(resourceServerSchema, what, properties);
    return server.Scopes.map((scope) => `${server.Identifier}/${scope.ScopeName}`);
  });
  const clients = template.clients.map(({ clientId, properties }) =>
    parseClient(clientId, properties, {
      customScopes,
      ...(domain?.ManagedLoginVersion === 2 && template.brandings !== undefined
        ? { styledClients: new Set(template.brandings.map((one) => styledClient(one, poolId))) }
        : {}),
    }),
  );
  const groups = template.groups.map((properties) => groupOf(properties, poolId));
  return {
    poolId,
    arn: `arn:aws:cognito-idp:${at.region}:${at.accountId}:userpool/${poolId}`,
    region: at.region,
    name: pool.UserPoolName ?? poolId,
    ...(domain === undefined ? {} : { domain: domain.Domain }),
    passwordPolicy: {
      minimumLength: policy?.MinimumLength ?? 8,
      // Without a policy Cognito asks for all four.
      requireLowercase: policy?.RequireLowercase ?? true,
      requireUppercase: policy?.RequireUppercase ?? true,
      requireNumbers: policy?.RequireNumbers ?? true,
      requireSymbols: policy?.RequireSymbols ?? true,
      temporaryPasswordDays: policy?.TemporaryPasswordValidityDays ?? 7,
    },
    caseSensitive: pool.UsernameConfiguration?.CaseSensitive ?? true,
    emailAlias: pool.AliasAttributes?.includes("email") ?? false,
    ...(trigger === undefined ? {} : { trigger }),
    customScopes,
    clients: new Map(clients.map((client) => [client.clientId, client])),
    groups: new Map(groups.map((group) => [group.name, group])),
    properties: pool,
  };
};

const styledClient = (properties: unknown, poolId: string): string =>
  parseTemplate(brandingSchema, `AWS::Cognito::ManagedLoginBranding of ${poolId}`, properties)
    .ClientId;

const triggerOf = (config: {
  readonly PreTokenGeneration?: string | undefined;
  readonly PreTokenGenerationConfig?:
    | { readonly LambdaArn: string; readonly LambdaVersion: Trigger["version"] }
    | undefined;
}): Trigger | undefined => {
  const versioned = config.PreTokenGenerationConfig;
  if (versioned !== undefined) {
    return { lambdaArn: versioned.LambdaArn, version: versioned.LambdaVersion };
  }
  const plain = config.PreTokenGeneration;
  return plain === undefined ? undefined : { lambdaArn: plain, version: "V1_0" };
};

const groupOf = (properties: unknown, poolId: string): Group => {
  const group = parseTemplate(groupSchema, `AWS::Cognito::UserPoolGroup of ${poolId}`, properties);
  return {
    name: group.GroupName,
    ...(group.Description === undefined ? {} : { description: group.Description }),
    ...(group.Precedence === undefined ? {} : { precedence: group.Precedence }),
    ...(group.RoleArn === undefined ? {} : { roleArn: group.RoleArn }),
  };
};
