// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
import * as z from "zod";
import { OAuthError } from "../oauth/oauth-error.ts";
import type { CognitoContext } from "../pool/context.ts";
import type { Group, Pool, Trigger } from "../pool/pool.ts";
import { invokeTrigger } from "./invoke-trigger.ts";

/** What is about to be written into tokens. */
export interface TokenPlan {
  readonly source:
    | "TokenGeneration_HostedAuth"
    | "TokenGeneration_RefreshTokens"
    | "TokenGeneration_ClientCredentials";
  readonly clientId: string;
  readonly userName: string;
  readonly userAttributes: Readonly<Record<string, string>>;
  readonly groups: readonly Group[];
  readonly scopes: readonly string[];
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

type Claims = Readonly<Record<string, unknown>>;

/** The plan after the trigger: the scopes and groups that count, and what becomes of the claims. */
export interface CustomizedTokens {
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  accessClaims(claims: Claims): Claims;
  idClaims(claims: Claims): Claims;
}

const overrides = z.object({
  claimsToAddOrOverride: z.record(z.string(), z.unknown()).nullish(),
  claimsToSuppress: z.array(z.string()).nullish(),
});
const scopeOverrides = overrides.extend({
  scopesToAdd: z.array(z.string()).nullish(),
  scopesToSuppress: z.array(z.string()).nullish(),
});
const groupOverrides = z.object({ groupsToOverride: z.array(z.string()).nullish() }).nullish();

const firstResponse = z.object({
  response: z
    .object({
      claimsOverrideDetails: overrides.extend({ groupOverrideDetails: groupOverrides }).nullish(),
    })
    .nullish(),
});
const secondResponse = z.object({
  response: z
    .object({
      claimsAndScopeOverrideDetails: z
        .object({
          idTokenGeneration: overrides.nullish(),
          accessTokenGeneration: scopeOverrides.nullish(),
          groupOverrideDetails: groupOverrides,
        })
        .nullish(),
    })
    .nullish(),
});

type Overrides = z.infer<typeof overrides>;

interface Answer {
  readonly id?: Overrides | null | undefined;
  readonly access?: z.infer<typeof scopeOverrides> | null | undefined;
  readonly groups?: readonly string[] | null | undefined;
}

// "You can't modify the following claims", for ID and for access tokens.
const FIXED_ID_CLAIMS = new Set(
  "acr amr at_hash auth_time azp aud cognito:username exp iat identities iss jti nbf nonce origin_jti sub token_use".split(
    " ",
  ),
);
const FIXED_ACCESS_CLAIMS = new Set(
  "acr amr at_hash auth_time azp client_id device_key event_id exp iat iss jti nbf nonce origin_jti scope sub token_use username version".split(
    " ",
  ),
);

/** Asks the pool's pre token generation trigger, where there is one for this grant. */
export const customizeTokens = async (
  cognito: CognitoContext,
  pool: Pool,
  plan: TokenPlan,
): Promise<CustomizedTokens> => {
  const { trigger } = pool;
  // Only version 3 hears of machines.
  const asked =
    trigger !== undefined &&
    (plan.source !== "TokenGeneration_ClientCredentials" || trigger.version === "V3_0");
  const answer = asked ? await ask(cognito, pool, trigger, plan) : {};
  const access = answer.access ?? {};
  const added = (access.scopesToAdd ?? []).filter(mayBeAdded);
  const suppressed = access.scopesToSuppress ?? [];
  return {
    scopes: [...new Set([...plan.scopes, ...added])].filter((s) => !suppressed.includes(s)),
    groups: answer.groups ?? plan.groups.map((group) => group.name),
    accessClaims: (claims) => overridden(claims, access, fixedAccessClaim(plan.clientId)),
    idClaims: (claims) => overridden(claims, answer.id ?? {}, (name) => FIXED_ID_CLAIMS.has(name)),
  };
};

// "The value of aud must match the app client ID of the current session."
const fixedAccessClaim =
  (clientId: string) =>
  (name: string, value?: unknown): boolean =>
    FIXED_ACCESS_CLAIMS.has(name) || (name === "aud" && value !== clientId);

// "Scope values cannot contain blank-space characters", and Cognito's own are not for a trigger to give.
const mayBeAdded = (scope: string): boolean =>
  scope !== "" && !/\s/.test(scope) && !scope.startsWith("aws.cognito");

const overridden = (
  claims: Claims,
  { claimsToAddOrOverride, claimsToSuppress }: Overrides,
  isFixed: (name: string, value?: unknown) => boolean,
): Claims => {
  const result: Record<string, unknown> = { ...claims };
  for (const [name, value] of Object.entries(claimsToAddOrOverride ?? {})) {
    if (!isFixed(name, value)) result[name] = value;
  }
  for (const name of claimsToSuppress ?? []) if (!isFixed(name)) delete result[name];
  return result;
};

const ask = async (
  cognito: CognitoContext,
  pool: Pool,
  trigger: Trigger,
  plan: TokenPlan,
): Promise<Answer> => {
  const returned = await invokeTrigger(
    cognito,
    "PreTokenGeneration",
    trigger.lambdaArn,
    eventFor(pool, trigger, plan),
  );
  if (trigger.version === "V1_0") {
    const { response } = parsed(firstResponse, returned);
    const details = response?.claimsOverrideDetails;
    return { id: details, groups: details?.groupOverrideDetails?.groupsToOverride };
  }
  const details = parsed(secondResponse, returned).response?.claimsAndScopeOverrideDetails;
  return {
    id: details?.idTokenGeneration,
    access: details?.accessTokenGeneration,
    groups: details?.groupOverrideDetails?.groupsToOverride,
  };
};

const parsed = <T>(schema: z.ZodType<T>, returned: unknown): T => {
  const result = schema.safeParse(returned);
  if (result.success) return result.data;
  // UserLambdaValidationException at the user-pool API.
  throw new OAuthError("invalid_request", "Unrecognizable lambda output");
};

const eventFor = (pool: Pool, trigger: Trigger, plan: TokenPlan): Record<string, unknown> => {
  const roles = plan.groups.flatMap((group) => group.roleArn ?? []);
  const first = trigger.version === "V1_0";
  return {
    version: trigger.version.slice(1, 2),
    triggerSource: plan.source,
    region: pool.region,
    userPoolId: pool.poolId,
    userName: plan.userName,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: plan.clientId },
    request: {
      userAttributes: plan.userAttributes,
      groupConfiguration: {
        groupsToOverride: plan.groups.map((group) => group.name),
        iamRolesToOverride: roles,
        preferredRole: roles[0] ?? null,
      },
      ...(first ? {} : { scopes: plan.scopes }),
      ...(plan.clientMetadata === undefined ? {} : { clientMetadata: plan.clientMetadata }),
    },
    response: first ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  };
};
