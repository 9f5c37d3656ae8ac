/** What a client may ask for, in the words of AllowedOAuthFlows. The implicit flow is not imitated. */
export type Flow = "code" | "client_credentials";

/** What an app client may do: the parts of AWS::Cognito::UserPoolClient that are imitated. */
export interface Client {
  readonly clientId: string;
  readonly name: string;
  /** A confidential client; its secret is in `Secrets`. */
  readonly hasSecret: boolean;
  readonly flows: ReadonlySet<Flow>;
  readonly scopes: readonly string[];
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly revocable: boolean;
  readonly hidesUnknownUsers: boolean;
  /** False for a client that the newer sign-in pages have no style for: they show nothing then. */
  readonly hasPages: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly requireLowercase: boolean;
  readonly requireUppercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSymbols: boolean;
  readonly temporaryPasswordDays: number;
}

export interface Group {
  readonly name: string;
  readonly description?: string;
  /** Lower goes first; absent goes last. */
  readonly precedence?: number;
  readonly roleArn?: string;
}

/** The pre token generation trigger, and the event version that it wants. */
export interface Trigger {
  readonly lambdaArn: string;
  readonly version: "V1_0" | "V2_0" | "V3_0";
}

/** One user pool as the template declares it. */
export interface Pool {
  readonly poolId: string;
  readonly arn: string;
  readonly region: string;
  readonly name: string;
  /** The prefix of its sign-in domain; without one there are no pages and no /oauth2. */
  readonly domain?: string;
  readonly passwordPolicy: PasswordPolicy;
  readonly caseSensitive: boolean;
  /** Whether a verified e-mail address signs in as well. */
  readonly emailAlias: boolean;
  readonly trigger?: Trigger;
  /** `<resource server>/<scope>` of every resource server. */
  readonly customScopes: readonly string[];
  readonly clients: ReadonlyMap<string, Client>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The issuer of a pool's tokens. */
export const issuerOf = (origin: string, pool: Pool): string => `${origin}/${pool.poolId}`;
