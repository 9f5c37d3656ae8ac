import type { Parameters } from "../oauth/form.ts";
import type { CognitoContext, PoolClient } from "../pool/context.ts";

/** A request at /oauth2/authorize whose client and redirect address are known to belong together. */
export interface Addressed extends PoolClient {
  readonly redirectUri: string;
  readonly parameters: Parameters;
}

/** One that passed every check. */
export interface AuthorizeRequest extends Addressed {
  readonly scopes: readonly string[];
}

/** What goes back to the client's redirect address instead of a code. */
export interface RedirectError {
  readonly error: string;
  readonly description?: string;
}

/** Says what is wrong, for the error page. */
export type PageCheck = (cognito: CognitoContext, parameters: Parameters) => string | undefined;

/** Says what is wrong, for the client. */
export type ClientCheck = (request: Addressed) => RedirectError | undefined;
