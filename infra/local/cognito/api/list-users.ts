// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
import * as z from "zod";
import { AwsError } from "#local/wire/aws-service.ts";
import { allUsers, type User } from "../pool/users.ts";
import { attributeList, parseInput, userMembers, userPoolOperation } from "./operation.ts";
import { page, pageMembers } from "./page-of-list.ts";

const input = z.object({
  Limit: pageMembers.limit,
  PaginationToken: pageMembers.token,
  Filter: z.string().max(256).optional(),
  AttributesToGet: z.array(z.string()).optional(),
});

/** The users of a pool, sixty at a time. */
export const listUsers = userPoolOperation("ListUsers", (cognito, pool, members) => {
  const { Limit, PaginationToken, Filter, AttributesToGet } = parseInput(input, members);
  const matches = Filter === undefined || Filter === "" ? () => true : filterOf(Filter);
  const { items, next } = page(
    allUsers(cognito.store, pool).filter(matches),
    Limit,
    PaginationToken,
  );
  return {
    Users: items.map((user) => ({
      ...userMembers(user),
      Attributes: attributeList(user).filter(
        ({ Name }) => AttributesToGet === undefined || AttributesToGet.includes(Name),
      ),
    })),
    ...(next === undefined ? {} : { PaginationToken: next }),
  };
});

// "AttributeName Filter-Type \"AttributeValue\"": = is exact, ^= is a prefix.
const FILTER = /^\s*"?([a-z_:]+)"?\s*(\^?=)\s*"([^"]*)"\s*$/;
const SEARCHABLE = ["username", "email", "phone_number", "name", "given_name", "family_name"];

const filterOf = (filter: string): ((user: User) => boolean) => {
  const [, name = "", type, wanted = ""] = FILTER.exec(filter) ?? [];
  const searchable = [...SEARCHABLE, "preferred_username", "cognito:user_status", "sub"];
  if (!searchable.includes(name)) {
    throw new AwsError("InvalidParameterException", `Error while parsing filter: ${filter}`);
  }
  return (user) => {
    const known: Readonly<Record<string, string>> = {
      ...user.attributes,
      username: user.username,
      sub: user.sub,
      "cognito:user_status": user.status,
    };
    const value = known[name];
    if (value === undefined) return false;
    return type === "=" ? value === wanted : value.startsWith(wanted);
  };
};
