const base64Url = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

/** An access token as Cognito writes it. Its signature is no signature: an interceptor sees only verified tokens. */
export const accessToken = (scope: string, more: Readonly<Record<string, unknown>> = {}): string =>
  [
    base64Url({ alg: "RS256", kid: "key-1" }),
    base64Url({
      sub: "sub-anna",
      client_id: "client-web",
      username: "anna",
      token_use: "access",
      scope,
      ...more,
    }),
    "signature",
  ].join(".");
