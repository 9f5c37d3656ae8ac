// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html

import { parametersOf } from "../oauth/form.ts";
import { requestedScopes } from "../oauth/requested-scopes.ts";
import { type CognitoContext, findClient } from "../pool/context.ts";
import type {
  Addressed,
  AuthorizeRequest,
  ClientCheck,
  PageCheck,
  RedirectError,
} from "./authorize-request.ts";
import { checkClient } from "./check-client.ts";
import { checkPages } from "./check-pages.ts";
import { checkPkce } from "./check-pkce.ts";
import { checkRedirectUri } from "./check-redirect-uri.ts";
import { checkRequired } from "./check-required.ts";
import { checkResource } from "./check-resource.ts";
import { checkResponseType } from "./check-response-type.ts";
import { checkScope } from "./check-scope.ts";

/** Until the redirect address is known to be the client's own, an error is shown here and sent nowhere. */
export const PAGE_CHECKS: readonly PageCheck[] = [
  checkRequired, // client_id and redirect_uri are there
  checkClient, // the client exists, in a pool with a domain
  checkRedirectUri, // registered, letter by letter
  checkPages, // the client has a style where the newer pages want one
];

/** From here on the client is told, at its redirect address. */
export const CLIENT_CHECKS: readonly ClientCheck[] = [
  checkResponseType, // code, and the client may use it
  checkPkce, // S256 or nothing
  checkScope, // every scope is allowed to the client
  checkResource, // at most one, and a URL
];

export type Checked =
  | { readonly ok: true; readonly request: AuthorizeRequest }
  | { readonly ok: false; readonly page: string; readonly clientId?: string }
  | { readonly ok: false; readonly request: Addressed; readonly error: RedirectError };

/** The one reading of an authorization request, for /oauth2/authorize and for the pages after it. */
export const checkAuthorize = (cognito: CognitoContext, query: URLSearchParams): Checked => {
  const parameters = parametersOf(query);
  if (parameters === undefined) return { ok: false, page: "Repeated parameters" };
  const clientId = parameters.get("client_id") ?? "";
  for (const check of PAGE_CHECKS) {
    const page = check(cognito, parameters);
    if (page !== undefined) return { ok: false, page, ...(clientId === "" ? {} : { clientId }) };
  }
  const found = findClient(cognito, clientId);
  const redirectUri = parameters.get("redirect_uri");
  if (found === undefined || redirectUri === undefined)
    return { ok: false, page: "invalid_request" };
  const request: Addressed = { ...found, redirectUri, parameters };
  for (const check of CLIENT_CHECKS) {
    const error = check(request);
    if (error !== undefined) return { ok: false, request, error };
  }
  const scopes = requestedScopes(parameters.get("scope"), found.client.scopes) ?? [];
  return { ok: true, request: { ...request, scopes } };
};
