// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
import * as z from "zod";
import { revokeRefreshTokensOf } from "../token/refresh-tokens.ts";
import { parseInput, requiredUser, usernameMember, userPoolOperation } from "./operation.ts";

const input = z.object({ Username: usernameMember });

/**
 * Ends a user's refresh tokens, and the access tokens of their sign-ins as far as Cognito itself is asked. The session
 * cookie of the pages stays, as there: it lasts an hour.
 */
export const adminUserGlobalSignOut = userPoolOperation(
  "AdminUserGlobalSignOut",
  (cognito, pool, members) => {
    const user = requiredUser(cognito, pool, parseInput(input, members).Username);
    revokeRefreshTokensOf(cognito, pool, user);
    return {};
  },
);
