import { fullScope } from "#domain/access/caller.ts";

/** What the console's page reads first: where it signs in, as whom, and where the gateway is on its own origin. */
export interface ConsoleConfig {
  readonly gateway: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string;
  readonly logoutEndpoint: string;
  readonly scopes: readonly string[];
  /** Registered with Cognito, which compares it exactly; sign-in and sign-out both lead back to it. */
  readonly redirectUri: string;
  /** Empty for the default stage. */
  readonly stage: string;
}

/** `config.json` of a page. Addresses are without a slash at the end. */
export const consoleConfig = (of: {
  readonly pageUrl: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly signInUrl: string;
  readonly stage?: string | undefined;
}): ConsoleConfig => ({
  gateway: "/mcp",
  clientId: of.clientId,
  issuer: of.issuer,
  // https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
  authorizationEndpoint: `${of.signInUrl}/oauth2/authorize`,
  tokenEndpoint: `${of.signInUrl}/oauth2/token`,
  revocationEndpoint: `${of.signInUrl}/oauth2/revoke`,
  logoutEndpoint: `${of.signInUrl}/logout`,
  // Each person's groups decide which of them the token gets.
  scopes: ["openid", fullScope("read"), fullScope("write")],
  redirectUri: `${of.pageUrl}/`,
  stage: of.stage ?? "",
});
