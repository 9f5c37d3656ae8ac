import * as z from "zod";
import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import type { JsonOperation } from "#local/wire/json-service.ts";
import type { CognitoContext } from "../pool/context.ts";
import type { Pool } from "../pool/pool.ts";
import { findUser, type User } from "../pool/users.ts";

/** An operation of the user-pool API. */
export type UserPoolOperation = JsonOperation<CognitoContext>;

/**
 * An operation on one pool, as all of them are: the pool is what the permission is on.
 * @throws AwsError `ResourceNotFoundException` for a pool that is not there
 */
export const userPoolOperation = (
  name: string,
  run: (cognito: CognitoContext, pool: Pool, members: JsonObject) => unknown,
): UserPoolOperation => ({
  name,
  understand: (input, cognito) => {
    const poolId = String(input.UserPoolId);
    const pool = cognito.pools.get(poolId);
    if (pool === undefined) {
      const text = `User pool ${poolId} does not exist.`;
      throw new AwsError("ResourceNotFoundException", text);
    }
    return {
      permissions: [{ action: `cognito-idp:${name}`, resource: pool.arn }],
      carryOut: () => run(cognito, pool, input),
    };
  },
});

/**
 * Reads the members of a request.
 * @throws AwsError `InvalidParameterException`, naming the member.
 */
export const parseInput = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsError(
    "InvalidParameterException",
    `1 validation error detected: Value at '${issue?.path.join(".")}' failed to satisfy constraint: ${issue?.message}`,
  );
};

/** A user name, as every operation on a user takes it. */
export const usernameMember = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u);

/**
 * The user of that name.
 * @throws AwsError `UserNotFoundException`
 */
export const requiredUser = (cognito: CognitoContext, pool: Pool, username: string): User => {
  const user = findUser(cognito.store, pool, username);
  if (user === undefined) throw new AwsError("UserNotFoundException", "User does not exist.");
  return user;
};

/** A list of attributes as the API writes it, `sub` first. */
export const attributeList = (user: User): readonly { Name: string; Value: string }[] =>
  Object.entries({ sub: user.sub, ...user.attributes }).map(([Name, Value]) => ({ Name, Value }));

/** The members that every answer about a user has. */
export const userMembers = (user: User): Readonly<Record<string, unknown>> => ({
  Username: user.username,
  UserCreateDate: user.createdAt / 1000,
  UserLastModifiedDate: user.modifiedAt / 1000,
  Enabled: user.enabled,
  UserStatus: user.status,
});
