/** A rule on one claim of the token, on top of the standard ones. */
export interface CustomClaim {
  readonly name: string;
  readonly type: "STRING" | "STRING_ARRAY";
  readonly operator: "EQUALS" | "CONTAINS" | "CONTAINS_ANY";
  readonly values: readonly string[];
}

/** What a token must show: the CUSTOM_JWT authorizer. What is absent is not checked. */
export interface Authorizer {
  readonly discoveryUrl: string;
  readonly allowedAudience?: readonly string[];
  readonly allowedClients?: readonly string[];
  /** The token needs at least one of them. */
  readonly allowedScopes?: readonly string[];
  /** `allowedScopes` as they are shown to clients. */
  readonly advertisedScopes?: readonly string[];
  readonly customClaims: readonly CustomClaim[];
}

/** A Lambda function that sees every message on its way in or out. */
export interface Interceptor {
  readonly lambdaArn: string;
  readonly passesRequestHeaders: boolean;
  readonly withoutResponseBody: boolean;
}

/** The gateway as the template declares it. */
export interface GatewayConfiguration {
  readonly authorizer: Authorizer;
  readonly instructions?: string;
  /** Newest first. */
  readonly supportedVersions: readonly string[];
  readonly requestInterceptor?: Interceptor;
  readonly responseInterceptor?: Interceptor;
  /** Whether callers are told why a target failed (ExceptionLevel DEBUG). */
  readonly tellsFailures: boolean;
}

/** A tool as tools/list shows it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
}

/** A Lambda target. */
export interface Target {
  readonly targetId: string;
  readonly name: string;
  readonly lambdaArn: string;
  /** In lower case; only these headers reach the function. */
  readonly allowedRequestHeaders: readonly string[];
  /** With `<target>___` before their names. */
  readonly tools: readonly ListedTool[];
}
