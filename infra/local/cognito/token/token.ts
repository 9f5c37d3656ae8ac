// https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
import type { Context } from "hono";
import { type Parameters, readForm } from "../oauth/form.ts";
import { OAuthError } from "../oauth/oauth-error.ts";
import type { CognitoContext, PoolClient } from "../pool/context.ts";
import { authenticateClient } from "./authenticate-client.ts";
import { grantAuthorizationCode } from "./grant-authorization-code.ts";
import { grantClientCredentials } from "./grant-client-credentials.ts";
import { grantRefreshToken } from "./grant-refresh-token.ts";

type Grant = (
  cognito: CognitoContext,
  client: PoolClient,
  form: Parameters,
) => Promise<Record<string, unknown>>;

const GRANTS: ReadonlyMap<string, Grant> = new Map([
  ["authorization_code", grantAuthorizationCode],
  ["client_credentials", grantClientCredentials],
  ["refresh_token", grantRefreshToken],
]);

/** POST /oauth2/token */
export const postToken =
  (cognito: CognitoContext) =>
  async (c: Context): Promise<Response> => {
    const form = await readForm(c);
    const type = form.get("grant_type");
    if (type === undefined) throw new OAuthError("invalid_request");
    const grant = GRANTS.get(type);
    if (grant === undefined) throw new OAuthError("unsupported_grant_type");
    const client = authenticateClient(cognito, c.req.header("authorization"), form);
    return c.json(await grant(cognito, client, form));
  };
