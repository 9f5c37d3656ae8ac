// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
import * as z from "zod";
import {
  attributeList,
  parseInput,
  requiredUser,
  userMembers,
  usernameMember,
  userPoolOperation,
} from "./operation.ts";

const input = z.object({ Username: usernameMember });

/** Everything about a user but the groups. */
export const adminGetUser = userPoolOperation("AdminGetUser", (cognito, pool, members) => {
  const user = requiredUser(cognito, pool, parseInput(input, members).Username);
  return { ...userMembers(user), UserAttributes: attributeList(user) };
});
