import {
  type AttributeValue,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
// Not home-table.ts: with it comes X-Ray, which hooks every promise of the process.
import { queryHome } from "#adapters/query-home.ts";
import { FORMAT } from "#domain/format.ts";
import type { Device, DeviceId } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import { deviceKey, homeKey, META_KEY, sceneKey, scenesKey } from "#domain/home/keys.ts";
import type { Scene } from "#domain/home/scene.ts";
import { HomeError } from "#domain/home-error.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "./registry.ts";

type Table = Pick<Registry, "dynamoDb" | "homeTable" | "thingPrefix">;

/**
 * The home as it is; one without a device yet is empty.
 * @throws Problem when the table cannot be read, HomeError of the first record that is wrong
 */
export const readHomeRecords = async (table: Table, home: HomeId): Promise<Home> => {
  const { dynamoDb, homeTable, thingPrefix } = table;
  const place: HomePlace = { home, thingPrefix };
  try {
    return await queryHome(dynamoDb, homeTable, place);
  } catch (cause) {
    if (cause instanceof HomeError) {
      if (cause.code === "HomeEmpty")
        return { place, devices: [], scenes: [], groups: [], floors: [] };
      throw cause;
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(`The home table ${homeTable} cannot be read: ${why}`, { cause });
  }
};

/** An item of the home table, in this version's format. */
export const homeItem = (
  home: HomeId,
  sortKey: string,
  record: object,
): Record<string, AttributeValue> => ({
  ...homeItemKey(home, sortKey),
  ...marshall({ v: FORMAT, ...record }),
});

const homeItemKey = (home: HomeId, sortKey: string): Record<string, AttributeValue> =>
  marshall({ PK: homeKey(home), SK: sortKey });

/** The part of a transaction that lets it pass only while the home is there: nothing joins one that is being deleted. */
export const whileHomeIsActive = (
  { homeTable }: Pick<Registry, "homeTable">,
  home: HomeId,
): TransactWriteItem => ({
  ConditionCheck: {
    TableName: homeTable,
    Key: homeItemKey(home, META_KEY),
    ConditionExpression: "#state = :active",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: marshall({ ":active": "active" satisfies HomeMeta["state"] }),
  },
});

/**
 * Adds a device's record, and with it the next version of a scene that asks it: both or none.
 * @throws Problem when somebody was faster
 */
export const putDevice = (
  table: Table,
  home: HomeId,
  device: Device,
  scene: Scene | undefined,
  record: readonly TransactWriteItem[],
): Promise<void> =>
  write(table, [
    whileHomeIsActive(table, home),
    {
      Put: {
        TableName: table.homeTable,
        Item: homeItem(home, deviceKey(device.id), device),
        ConditionExpression: "attribute_not_exists(SK)",
      },
    },
    ...(scene === undefined ? [] : [putScene(table, home, scene)]),
    ...record,
  ]);

/**
 * Removes a device's record, and with it puts the next versions of the scenes that asked it: all or none.
 * @throws Problem when somebody was faster
 */
export const removeDevice = (
  table: Table,
  home: HomeId,
  id: DeviceId,
  scenes: readonly Scene[],
  record: readonly TransactWriteItem[],
): Promise<void> =>
  write(table, [
    ...record,
    ...scenes.map((scene) => putScene(table, home, scene)),
    {
      Delete: {
        TableName: table.homeTable,
        Key: homeItemKey(home, deviceKey(id)),
        ConditionExpression: "attribute_exists(SK)",
      },
    },
  ]);

const putScene = (table: Table, home: HomeId, scene: Scene): TransactWriteItem => ({
  Put: {
    TableName: table.homeTable,
    Item: {
      ...homeItem(home, sceneKey(scene.id), scene),
      ...marshall({ PK: scenesKey(home) }),
    },
    // The first change of a scene that the home was made with stands beside it, and before it from then on.
    ConditionExpression: "attribute_not_exists(SK) OR version = :before",
    ExpressionAttributeValues: { ":before": { N: String(scene.version - 1) } },
  },
});

const write = async ({ dynamoDb }: Table, items: readonly TransactWriteItem[]): Promise<void> => {
  try {
    await dynamoDb.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
  } catch (cause) {
    if (!(cause instanceof TransactionCanceledException)) throw cause;
    throw new Problem("The home was changed by somebody else at the same time; try again", {
      cause,
    });
  }
};
