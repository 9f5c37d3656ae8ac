import {
  GetItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { type HomeMeta, metaRecord, parseMeta } from "#domain/home/home-meta.ts";
import { DIRECTORY_KEY, homeKey, META_KEY } from "#domain/home/keys.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";

export type HomeTable = Pick<Registry, "dynamoDb" | "homeTable">;

/**
 * Makes a home: its META, and its line in the directory.
 * @throws Problem when the id was given before, to a home that is there or to one that was deleted
 */
export const createHome = async (
  table: HomeTable,
  meta: HomeMeta,
  record: readonly TransactWriteItem[] = [],
): Promise<void> => {
  const put = (PK: string, SK: string) => ({
    Put: {
      TableName: table.homeTable,
      Item: marshall({ PK, SK, ...metaRecord(meta) }),
      ConditionExpression: "attribute_not_exists(PK)",
    },
  });
  try {
    await table.dynamoDb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          put(homeKey(meta.home), META_KEY),
          put(DIRECTORY_KEY, meta.home),
          ...record,
        ],
      }),
    );
  } catch (cause) {
    if (!(cause instanceof TransactionCanceledException)) throw cause;
    const there = await findHome(table, meta.home);
    throw new Problem(
      there?.state === "deleted"
        ? `There was a home "${meta.home}", and a home's id is never given twice: old keys and links must mean nobody. Choose another with --id. Nothing was changed.`
        : `There is a home "${meta.home}" already. Choose another id with --id. Nothing was changed.`,
      { cause },
    );
  }
};

/** The META of a home; undefined where there never was one. */
export const findHome = (table: HomeTable, home: HomeId): Promise<HomeMeta | undefined> =>
  findMeta(table, homeKey(home), META_KEY);

const findMeta = async (
  { dynamoDb, homeTable }: HomeTable,
  PK: string,
  SK: string,
): Promise<HomeMeta | undefined> => {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: homeTable,
      Key: marshall({ PK, SK }),
      ConsistentRead: true,
    }),
  );
  return Item === undefined ? undefined : parseMeta(unmarshall(Item));
};

/**
 * The home that a command is about.
 * @throws Problem when there is none, or no more
 */
export const requireHome = async (table: HomeTable, home: HomeId): Promise<HomeMeta> => {
  const meta = await findHome(table, home);
  if (meta?.state === "active") return meta;
  throw new Problem(
    meta === undefined
      ? `There is no home "${home}". List them with npm run homes, or make it with npm run add-home. Nothing was changed.`
      : `The home "${home}" was deleted. Nothing was changed.`,
  );
};

/** The line of a home in the directory. It says that a home is deleted when all of it is. */
export const findInDirectory = async (
  table: HomeTable,
  home: HomeId,
): Promise<HomeMeta | undefined> => findMeta(table, DIRECTORY_KEY, home);

/** Makes a home a tombstone: from then on nothing of it can be read or run, and nobody can join it. */
export const closeHome = (table: HomeTable, home: HomeId): Promise<void> =>
  markDeleted(table, homeKey(home), META_KEY);

/** Says in the directory that nothing is left of a home. */
export const strikeFromDirectory = (table: HomeTable, home: HomeId): Promise<void> =>
  markDeleted(table, DIRECTORY_KEY, home);

const markDeleted = async (
  { dynamoDb, homeTable }: HomeTable,
  PK: string,
  SK: string,
): Promise<void> => {
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: homeTable,
      Key: marshall({ PK, SK }),
      UpdateExpression: "SET #state = :deleted",
      ConditionExpression: "attribute_exists(PK)",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: marshall({
        ":deleted": "deleted" satisfies HomeMeta["state"],
      }),
    }),
  );
};

/** Every home of the stack, deleted ones among them, in the order of their ids. */
export const listHomes = async (table: HomeTable): Promise<readonly HomeMeta[]> =>
  (await queryAll(table, DIRECTORY_KEY)).map(parseMeta);

/** All items of a partition of the home table. */
export const queryAll = async (
  { dynamoDb, homeTable }: HomeTable,
  partition: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const items: Record<string, unknown>[] = [];
  const pages = queryPages(dynamoDb, () => ({
    TableName: homeTable,
    KeyConditionExpression: "PK = :partition",
    ExpressionAttributeValues: { ":partition": { S: partition } },
    ConsistentRead: true,
  }));
  for await (const { Items = [] } of pages) items.push(...Items.map((item) => unmarshall(item)));
  return items;
};
