// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
import * as z from "zod";
import { LocalError } from "#local/wire/local-error.ts";
import { parseTemplate } from "#local/wire/parse-template.ts";
import type { Client } from "./pool.ts";

const unit = z.enum(["seconds", "minutes", "hours", "days"]);
const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
const DAY = SECONDS.days;
const ignored = z.unknown().optional();

const clientSchema = z.strictObject({
  UserPoolId: z.string(),
  ClientName: z.string().optional(),
  GenerateSecret: z.boolean().default(false),
  AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
  AllowedOAuthFlows: z.array(z.enum(["code", "client_credentials"])).default([]),
  AllowedOAuthScopes: z.array(z.string()).default([]),
  CallbackURLs: z.array(z.string()).max(100).default([]),
  LogoutURLs: z.array(z.string()).max(100).default([]),
  DefaultRedirectURI: ignored,
  SupportedIdentityProviders: z.array(z.literal("COGNITO")).optional(),
  AccessTokenValidity: z.int().optional(),
  IdTokenValidity: z.int().optional(),
  RefreshTokenValidity: z.int().optional(),
  TokenValidityUnits: z
    .strictObject({
      AccessToken: unit.optional(),
      IdToken: unit.optional(),
      RefreshToken: unit.optional(),
    })
    .optional(),
  EnableTokenRevocation: z.boolean().default(true),
  PreventUserExistenceErrors: z.enum(["ENABLED", "LEGACY"]).default("LEGACY"),
  RefreshTokenRotation: z.strictObject({ Feature: z.literal("DISABLED") }).optional(),
  AuthSessionValidity: ignored,
  // The sign-in API (InitiateAuth) is not imitated; only the pages and /oauth2 are.
  ExplicitAuthFlows: ignored,
  EnablePropagateAdditionalUserContextData: ignored,
  ReadAttributes: ignored,
  WriteAttributes: ignored,
});

const STANDARD_SCOPES = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

/**
 * Reads an app client.
 * @throws LocalError `TemplateNotUnderstood` for what is not imitated and for what Cognito itself would refuse.
 */
export const parseClient = (
  clientId: string,
  properties: unknown,
  pool: { readonly customScopes: readonly string[]; readonly styledClients?: ReadonlySet<string> },
): Client => {
  const what = `AWS::Cognito::UserPoolClient ${clientId}`;
  const client = parseTemplate(clientSchema, what, properties);
  const refuse = (why: string): never => {
    throw new LocalError("TemplateNotUnderstood", `${what}: Cognito would refuse it: ${why}`);
  };
  const flows = new Set(client.AllowedOAuthFlowsUserPoolClient ? client.AllowedOAuthFlows : []);
  if (flows.has("client_credentials")) {
    if (flows.size > 1) {
      refuse("client_credentials flow can not be selected along with code flow or implicit flow.");
    }
    if (!client.GenerateSecret) {
      refuse(
        "client_credentials flow can not be selected if client does not have a client secret.",
      );
    }
  }
  const known = new Set([...STANDARD_SCOPES, ...pool.customScopes]);
  for (const scope of client.AllowedOAuthScopes) {
    if (!known.has(scope)) refuse(`Invalid scope requested: ${scope}`);
  }
  for (const url of [...client.CallbackURLs, ...client.LogoutURLs]) {
    if (!mayBeRedirectedTo(url)) refuse(`${url} is not https, and not http on localhost`);
  }
  const units = client.TokenValidityUnits;
  const accessTokenSeconds =
    (client.AccessTokenValidity ?? 1) * SECONDS[units?.AccessToken ?? "hours"];
  const idTokenSeconds = (client.IdTokenValidity ?? 1) * SECONDS[units?.IdToken ?? "hours"];
  const refreshTokenSeconds =
    (client.RefreshTokenValidity ?? 30) * SECONDS[units?.RefreshToken ?? "days"];
  if (![accessTokenSeconds, idTokenSeconds].every((validity) => isWithin(validity, 300, DAY))) {
    refuse("access and ID tokens are valid for 5 minutes to 1 day");
  }
  if (!isWithin(refreshTokenSeconds, 3600, 3650 * DAY)) {
    refuse("refresh tokens are valid for 60 minutes to 10 years");
  }
  return {
    clientId,
    name: client.ClientName ?? clientId,
    hasSecret: client.GenerateSecret,
    flows,
    scopes: client.AllowedOAuthScopes,
    callbackUrls: client.CallbackURLs,
    logoutUrls: client.LogoutURLs,
    accessTokenSeconds,
    idTokenSeconds,
    refreshTokenSeconds,
    revocable: client.EnableTokenRevocation,
    hasPages: pool.styledClients?.has(clientId) ?? true,
    hidesUnknownUsers: client.PreventUserExistenceErrors === "ENABLED",
    properties: client,
  };
};

const isWithin = (seconds: number, least: number, most: number): boolean =>
  seconds >= least && seconds <= most;

// Cognito takes https, a custom scheme, and http only on the loopback names. A fragment is never allowed.
const mayBeRedirectedTo = (text: string): boolean => {
  if (!URL.canParse(text) || text.includes("#")) return false;
  const url = new URL(text);
  if (url.protocol !== "http:") return !["javascript:", "data:", "file:"].includes(url.protocol);
  return ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
};
