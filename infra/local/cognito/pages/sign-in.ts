import type { CognitoContext, PoolClient } from "../pool/context.ts";
import { verifyPassword } from "../pool/password.ts";
import { findUser, type User } from "../pool/users.ts";
import { beginSignIn, forgetFailures } from "./sign-in-throttle.ts";

/** What a name and a password led to. `why` is what the person reads, in Cognito's words. */
export type SignIn =
  | { readonly outcome: "signed-in"; readonly user: User }
  | { readonly outcome: "new-password-required"; readonly user: User }
  | { readonly outcome: "refused"; readonly why: string };

const DAY_MS = 86_400_000;
const refused = (why: string): SignIn => ({ outcome: "refused", why });

/** Tries a name and a password. */
export const signIn = async (
  cognito: CognitoContext,
  { pool, client }: PoolClient,
  name: string,
  password: string,
): Promise<SignIn> => {
  if (!beginSignIn(cognito, pool, name)) return refused("Password attempts exceeded");
  const user = findUser(cognito.store, pool, name);
  const right = await verifyPassword(password, user?.passwordHash);
  if (user === undefined || !right) {
    const legacy = user === undefined && !client.hidesUnknownUsers;
    return refused(legacy ? "User does not exist." : "Incorrect username or password.");
  }
  forgetFailures(cognito, pool, name);
  if (!user.enabled) return refused("User is disabled.");
  if (user.status === "CONFIRMED") return { outcome: "signed-in", user };
  const validMs = pool.passwordPolicy.temporaryPasswordDays * DAY_MS;
  return cognito.now() - user.passwordSetAt > validMs
    ? refused("Temporary password has expired and must be reset by an administrator.")
    : { outcome: "new-password-required", user };
};
