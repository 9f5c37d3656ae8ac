// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
import * as z from "zod";
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import { checkedPassword } from "../pool/checked-password.ts";
import { hashPassword } from "../pool/password.ts";
import { createUser, findUser } from "../pool/users.ts";
import {
  attributeList,
  parseInput,
  userMembers,
  usernameMember,
  userPoolOperation,
} from "./operation.ts";

const input = z.object({
  Username: usernameMember,
  TemporaryPassword: z.string().optional(),
  MessageAction: z.enum(["SUPPRESS", "RESEND"]).optional(),
  UserAttributes: z
    .array(z.object({ Name: z.string().min(1).max(32), Value: z.string().max(2048).default("") }))
    .default([]),
});

/** Makes a user who must choose a password at the first sign-in. No mail is sent. */
export const adminCreateUser = userPoolOperation(
  "AdminCreateUser",
  async (cognito, pool, members) => {
    const { Username, TemporaryPassword, MessageAction, UserAttributes } = parseInput(
      input,
      members,
    );
    if (MessageAction === "RESEND") {
      throw notEmulated("Cognito", "AdminCreateUser with MessageAction RESEND");
    }
    if (TemporaryPassword === undefined) {
      throw new AwsError(
        "InvalidParameterException",
        "The local stack sends no mail, so nobody would learn a generated password: give TemporaryPassword.",
      );
    }
    const attributes = Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]));
    if ("sub" in attributes) {
      throw new AwsError(
        "InvalidParameterException",
        "Cannot modify the non-mutable attribute sub",
      );
    }
    const { email, email_verified: verified } = attributes;
    if (pool.emailAlias && email !== undefined && verified === "true") {
      if (findUser(cognito.store, pool, email) !== undefined) {
        throw new AwsError("AliasExistsException", "An account with the email already exists.");
      }
    }
    const user = createUser(cognito.store, pool, {
      username: Username,
      attributes,
      passwordHash: await hashPassword(checkedPassword(pool, TemporaryPassword)),
      permanent: false,
      nowMs: cognito.now(),
    });
    if (user === undefined) {
      throw new AwsError("UsernameExistsException", "User account already exists");
    }
    return { User: { ...userMembers(user), Attributes: attributeList(user) } };
  },
);
