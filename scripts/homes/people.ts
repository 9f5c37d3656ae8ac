import { randomBytes } from "node:crypto";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUserGlobalSignOutCommand,
  paginateAdminListGroupsForUser,
  UserNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Role } from "#domain/access/membership.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";

export type UserPool = Pick<Registry, "cognito" | "userPoolId">;

/** Somebody of the user pool. */
export interface Person {
  readonly username: string;
  /** What tokens call the person, for ever; a username can be given again. */
  readonly sub: string;
}

/** Finds somebody by username; undefined where nobody has it. */
export const findPerson = async (
  { cognito, userPoolId }: UserPool,
  username: string,
): Promise<Person | undefined> => {
  try {
    const user = await cognito.send(
      new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }),
    );
    const sub = user.UserAttributes?.find(({ Name }) => Name === "sub")?.Value;
    if (sub === undefined) throw new Problem(`The user ${username} has no sub.`);
    return { username: user.Username ?? username, sub };
  } catch (error) {
    if (error instanceof UserNotFoundException) return undefined;
    throw error;
  }
};

/** @throws Problem when nobody has the name */
export const requirePerson = async (pool: UserPool, username: string): Promise<Person> => {
  const person = await findPerson(pool, username);
  if (person !== undefined) return person;
  throw new Problem(`Nobody is called "${username}" in the user pool. Nothing was changed.`);
};

/** Somebody new, and the first password where no mail carries one; it must be changed at the first sign-in. */
export interface NewPerson extends Person {
  readonly firstPassword?: string;
}

/**
 * Makes a user. With an e-mail address AWS sends the invitation; without one, and on one machine, where no mail is sent,
 * the first password is made here and given back, once.
 */
export const createPerson = async (
  { cognito, userPoolId }: UserPool,
  username: string,
  options: { readonly email?: string; readonly sendsMail: boolean },
): Promise<NewPerson> => {
  const { email, sendsMail } = options;
  const isMailed = email !== undefined && sendsMail;
  const firstPassword = isMailed ? undefined : makePassword();
  const { User } = await cognito.send(
    new AdminCreateUserCommand({
      UserPoolId: userPoolId,
      Username: username,
      ...(email === undefined
        ? {}
        : {
            UserAttributes: [
              { Name: "email", Value: email },
              { Name: "email_verified", Value: "true" },
            ],
          }),
      ...(firstPassword === undefined
        ? { DesiredDeliveryMediums: ["EMAIL"] }
        : { MessageAction: "SUPPRESS", TemporaryPassword: firstPassword }),
    }),
  );
  const sub = User?.Attributes?.find(({ Name }) => Name === "sub")?.Value;
  if (sub === undefined) throw new Problem(`The user ${username} was made without a sub.`);
  return {
    username: User?.Username ?? username,
    sub,
    ...(firstPassword === undefined ? {} : { firstPassword }),
  };
};

// 108 bits; the prefix has what a pool's policy may ask for: both cases, a digit, a symbol.
const makePassword = (): string => `Aa1-${randomBytes(14).toString("base64url").slice(0, 18)}`;

// A person's group is the ceiling of what their tokens may hold; what they may do in a home is the membership's.
const GROUPS: Readonly<Record<Exclude<Role, "schedules">, string>> = {
  operator: "operators",
  resident: "residents",
  guest: "guests",
};
const HIGHEST_FIRST = ["operator", "resident", "guest"] as const;

const rank = (role: (typeof HIGHEST_FIRST)[number] | undefined): number =>
  role === undefined ? HIGHEST_FIRST.length : HIGHEST_FIRST.indexOf(role);

/**
 * Puts somebody into the group of the highest of their roles, and takes them out of the others. Says whether it stands
 * above those of before, so that tokens which are out hold less.
 */
export const settleGroup = async (
  { cognito, userPoolId }: UserPool,
  { username }: Person,
  roles: readonly Role[],
): Promise<{ readonly isRaised: boolean }> => {
  const highest = HIGHEST_FIRST.find((role) => roles.includes(role));
  const wanted = highest === undefined ? undefined : GROUPS[highest];
  const key = { UserPoolId: userPoolId, Username: username };
  const present: (string | undefined)[] = [];
  for await (const { Groups = [] } of paginateAdminListGroupsForUser({ client: cognito }, key)) {
    present.push(...Groups.map(({ GroupName }) => GroupName));
  }
  const before = HIGHEST_FIRST.find((role) => present.includes(GROUPS[role]));
  if (wanted !== undefined && !present.includes(wanted)) {
    await cognito.send(new AdminAddUserToGroupCommand({ ...key, GroupName: wanted }));
  }
  for (const group of Object.values(GROUPS)) {
    if (group !== wanted && present.includes(group)) {
      await cognito.send(new AdminRemoveUserFromGroupCommand({ ...key, GroupName: group }));
    }
  }
  return { isRaised: rank(highest) < rank(before) };
};

/** Ends every sign-in of somebody: no refresh follows. A token that was given before still passes the gateway for an hour at most, and finds no home. */
export const signOut = async ({ cognito, userPoolId }: UserPool, person: Person): Promise<void> => {
  await cognito.send(
    new AdminUserGlobalSignOutCommand({ UserPoolId: userPoolId, Username: person.username }),
  );
};
