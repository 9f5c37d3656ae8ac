// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html
import * as z from "zod";
import { checkedPassword } from "../pool/checked-password.ts";
import { hashPassword } from "../pool/password.ts";
import { setPassword } from "../pool/users.ts";
import { parseInput, requiredUser, usernameMember, userPoolOperation } from "./operation.ts";

const input = z.object({
  Username: usernameMember,
  Password: z.string(),
  Permanent: z.boolean().default(false),
});

/** Sets a password, for good or until the next sign-in. */
export const adminSetUserPassword = userPoolOperation(
  "AdminSetUserPassword",
  async (cognito, pool, members) => {
    const { Username, Password, Permanent } = parseInput(input, members);
    const user = requiredUser(cognito, pool, Username);
    const hash = await hashPassword(checkedPassword(pool, Password));
    setPassword(cognito.store, user, hash, Permanent, cognito.now());
    return {};
  },
);
