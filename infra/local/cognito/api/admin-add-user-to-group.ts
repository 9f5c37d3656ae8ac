// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
import * as z from "zod";
import { AwsError } from "#local/wire/aws-service.ts";
import { addToGroup } from "../pool/users.ts";
import { parseInput, requiredUser, usernameMember, userPoolOperation } from "./operation.ts";

/** The members of both operations on a membership. */
export const membershipInput = z.object({ Username: usernameMember, GroupName: z.string().min(1) });

/** Puts a user into a group. The next token of the user says so. */
export const adminAddUserToGroup = userPoolOperation(
  "AdminAddUserToGroup",
  (cognito, pool, members) => {
    const { Username, GroupName } = parseInput(membershipInput, members);
    if (!pool.groups.has(GroupName)) {
      throw new AwsError("ResourceNotFoundException", "Group not found.");
    }
    addToGroup(cognito.store, requiredUser(cognito, pool, Username), GroupName);
    return {};
  },
);
