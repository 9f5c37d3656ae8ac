import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import { type Memberships, parseMemberships, type Role } from "#domain/access/membership.ts";
import { FORMAT } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { homeKey, MEMBERS_INDEX, OPERATOR_OF_ALL_KEY, principalKey } from "#domain/home/keys.ts";
import { Problem } from "../command/problem.ts";
import { whileHomeIsActive } from "../devices/home-records.ts";
import { type HomeTable, queryAll } from "./directory.ts";

/** A membership as a command writes it. */
export interface NewMembership {
  /** The token's `sub`: a person's, or a machine client's id. */
  readonly sub: string;
  readonly home: HomeId;
  readonly role: Role;
  /** What this person calls the home. */
  readonly name: string;
  /** The username, or what the machine is called: for people who read the list. */
  readonly who: string;
  /** Who wrote it. */
  readonly by: string;
  /** ISO 8601. */
  readonly since: string;
  readonly expiresAtEpochSeconds?: number;
  /** Why somebody who does not live there may act for a while. */
  readonly reason?: string;
}

/** Writes a membership; one that is there is replaced: a person has one role in a home. */
export const putMembership = async (table: HomeTable, member: NewMembership): Promise<void> => {
  await put(table, membershipItem(member));
};

/**
 * The same while the home is there: nobody joins one that is being deleted.
 * @throws Problem when it was deleted meanwhile
 */
export const joinHome = async (
  table: HomeTable,
  member: NewMembership,
  record: readonly TransactWriteItem[] = [],
): Promise<void> => {
  try {
    await table.dynamoDb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          whileHomeIsActive(table, member.home),
          { Put: { TableName: table.homeTable, Item: marshall(membershipItem(member)) } },
          ...record,
        ],
      }),
    );
  } catch (cause) {
    if (!(cause instanceof TransactionCanceledException)) throw cause;
    throw new Problem(`The home "${member.home}" is being deleted; nobody can join it.`, { cause });
  }
};

const membershipItem = (member: NewMembership): object => {
  const { sub, home, expiresAtEpochSeconds: expiresAt, reason, ...rest } = member;
  return {
    PK: principalKey(sub),
    SK: homeKey(home),
    v: FORMAT,
    home,
    memberOf: home,
    ...rest,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(reason === undefined ? {} : { reason }),
  };
};

/** Makes somebody the operator of every home. */
export const putOperatorOfAll = async (
  table: HomeTable,
  operator: Pick<NewMembership, "sub" | "who" | "by" | "since">,
): Promise<void> => {
  const { sub, ...rest } = operator;
  await put(table, {
    PK: principalKey(sub),
    SK: OPERATOR_OF_ALL_KEY,
    v: FORMAT,
    role: "operator" satisfies Role,
    ...rest,
  });
};

const put = async ({ dynamoDb, homeTable }: HomeTable, item: object): Promise<void> => {
  await dynamoDb.send(new PutItemCommand({ TableName: homeTable, Item: marshall(item) }));
};

/** What somebody belongs to. */
export const membershipsOf = async (
  table: HomeTable,
  sub: string,
  nowMs: number,
): Promise<Memberships> => parseMemberships(await queryAll(table, principalKey(sub)), nowMs);

/** What somebody is in a home, expired or not; undefined for who does not belong to it. */
export const findMember = async (
  { dynamoDb, homeTable }: HomeTable,
  sub: string,
  home: HomeId,
): Promise<Member | undefined> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: homeTable,
      Key: marshall({ PK: principalKey(sub), SK: homeKey(home) }),
      ConsistentRead: true,
    }),
  );
  return Item === undefined ? undefined : parseMember(unmarshall(Item));
};

/** Takes somebody out of a home. */
export const deleteMembership = (table: HomeTable, sub: string, home: HomeId): Promise<void> =>
  removeItem(table, principalKey(sub), homeKey(home));

/** Makes somebody no operator of every home any more. */
export const deleteOperatorOfAll = (table: HomeTable, sub: string): Promise<void> =>
  removeItem(table, principalKey(sub), OPERATOR_OF_ALL_KEY);

const removeItem = async (
  { dynamoDb, homeTable }: HomeTable,
  PK: string,
  SK: string,
): Promise<void> => {
  await dynamoDb.send(new DeleteItemCommand({ TableName: homeTable, Key: marshall({ PK, SK }) }));
};

/** A member as the list of a home shows them. */
export interface Member {
  readonly sub: string;
  readonly who: string;
  readonly role: string;
  readonly name: string;
  readonly expiresAtEpochSeconds?: number;
  readonly reason?: string;
}

/** Everybody who belongs to a home, expired ones among them, in no order that means anything. */
export const membersOf = async (
  { dynamoDb, homeTable }: HomeTable,
  home: HomeId,
): Promise<readonly Member[]> => {
  const members: Member[] = [];
  const pages = queryPages(dynamoDb, () => ({
    TableName: homeTable,
    IndexName: MEMBERS_INDEX,
    KeyConditionExpression: "memberOf = :home",
    ExpressionAttributeValues: { ":home": { S: home } },
  }));
  for await (const { Items = [] } of pages) {
    members.push(...Items.map((item) => parseMember(unmarshall(item))));
  }
  return members;
};

const parseMember = (item: Readonly<Record<string, unknown>>): Member => ({
  sub: String(item.PK).slice(principalKey("").length),
  who: String(item.who),
  role: String(item.role),
  name: String(item.name),
  ...(typeof item.expiresAt === "number" ? { expiresAtEpochSeconds: item.expiresAt } : {}),
  ...(typeof item.reason === "string" ? { reason: item.reason } : {}),
});
