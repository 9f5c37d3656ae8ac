/** The errors of /oauth2, https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_scope"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_token_type";

/** An answer of the token, revocation or userInfo endpoint that is not a success. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly code: OAuthErrorCode;
  readonly description?: string;

  constructor(code: OAuthErrorCode, description?: string) {
    super(description ?? code);
    this.code = code;
    if (description !== undefined) this.description = description;
  }
}
