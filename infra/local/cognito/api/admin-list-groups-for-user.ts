// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
import * as z from "zod";
import { groupsOf } from "../pool/users.ts";
import { parseInput, requiredUser, usernameMember, userPoolOperation } from "./operation.ts";
import { page, pageMembers } from "./page-of-list.ts";

const input = z.object({
  Username: usernameMember,
  Limit: pageMembers.limit,
  NextToken: pageMembers.token,
});

/** The groups of a user, sixty at a time, the one that counts most first. */
export const adminListGroupsForUser = userPoolOperation(
  "AdminListGroupsForUser",
  (cognito, pool, members) => {
    const { Username, Limit, NextToken } = parseInput(input, members);
    const user = requiredUser(cognito, pool, Username);
    const { items, next } = page(groupsOf(cognito.store, pool, user), Limit, NextToken);
    return {
      Groups: items.map(({ name, description, roleArn, precedence }) => ({
        GroupName: name,
        UserPoolId: pool.poolId,
        ...(description === undefined ? {} : { Description: description }),
        ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
        ...(precedence === undefined ? {} : { Precedence: precedence }),
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
);
