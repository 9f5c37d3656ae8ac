import { readFileSync } from "node:fs";
import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { CoverClass, DeviceId } from "#domain/home/device.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import {
  type Holidays,
  type HomeMeta,
  isHolidays,
  isPosition,
  type Position,
} from "#domain/home/home-meta.ts";
import { deviceKey, homeKey, META_KEY, sceneKey, scenesKey } from "#domain/home/keys.ts";
import { shown } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";
import type { HomeTable } from "./directory.ts";

/** What a home's META says for its schedules and its scenes. */
export type HomeSettings = Pick<HomeMeta, "position" | "holidays" | "mode" | "approvesOwn">;

/** Reads --position LAT,LON and --holidays FILE. @throws Problem */
export const parseSettings = (options: {
  readonly position?: string | undefined;
  readonly holidays?: string | undefined;
}): HomeSettings => ({
  ...(options.position === undefined ? {} : { position: parsePosition(options.position) }),
  ...(options.holidays === undefined ? {} : { holidays: readHolidays(options.holidays) }),
});

const parsePosition = (text: string): Position => {
  const [latitude = Number.NaN, longitude = Number.NaN, ...more] = text
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const position = { latitude, longitude };
  if (more.length === 0 && isPosition(position)) return position;
  throw new Problem(
    `--position must be LAT,LON in degrees, north and east positive, such as 52.52,13.405 (south or west: --position=-33.86,151.21), not ${shown(text)}. Nothing was changed.`,
  );
};

const readHolidays = (file: string): Holidays => {
  const wrong = (cause?: unknown): Problem =>
    new Problem(
      `${file} must hold the days of whole years as JSON, {"2026": ["2026-01-01", "2026-12-25"]}: each day once, under its own year. Nothing was changed.`,
      { cause },
    );
  let holidays: unknown;
  try {
    holidays = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw wrong(cause);
  }
  if (isHolidays(holidays)) return holidays;
  throw wrong();
};

/** Writes where a home is, when it has holidays, its mode, and who approves; what is not given stays. */
export const putSettings = async (
  { dynamoDb, homeTable }: HomeTable,
  home: HomeId,
  settings: HomeSettings,
): Promise<void> => {
  const values = Object.entries(settings).filter(([, value]) => value !== undefined);
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: homeTable,
      Key: marshall({ PK: homeKey(home), SK: META_KEY }),
      UpdateExpression: `SET ${values.map(([name]) => `#${name} = :${name}`).join(", ")}`,
      ConditionExpression: "#state = :active",
      // Position and state are reserved words of DynamoDB.
      ExpressionAttributeNames: {
        ...Object.fromEntries(values.map(([name]) => [`#${name}`, name])),
        "#state": "state",
      },
      ExpressionAttributeValues: marshall({
        ...Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
        ":active": "active" satisfies HomeMeta["state"],
      }),
    }),
  );
};

/** Writes what a cover of the home covers. */
export const putCoverClass = async (
  { dynamoDb, homeTable }: HomeTable,
  home: HomeId,
  device: DeviceId,
  deviceClass: CoverClass,
): Promise<void> => {
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: homeTable,
      Key: marshall({ PK: homeKey(home), SK: deviceKey(device) }),
      UpdateExpression: "SET deviceClass = :class",
      ConditionExpression: "attribute_exists(SK)",
      ExpressionAttributeValues: marshall({ ":class": deviceClass }),
    }),
  );
};

/** Writes whether the home lets a scene run by itself. */
export const putSceneSchedules = async (
  { dynamoDb, homeTable }: HomeTable,
  home: HomeId,
  scene: string,
  isAllowed: boolean,
): Promise<void> => {
  const update = async (partition: string): Promise<void> => {
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName: homeTable,
        Key: marshall({ PK: partition, SK: sceneKey(scene) }),
        UpdateExpression: "SET schedules = :allowed",
        ConditionExpression: "attribute_exists(SK)",
        ExpressionAttributeValues: marshall({ ":allowed": isAllowed }),
      }),
    );
  };
  try {
    await update(scenesKey(home));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // Never saved since the home was made.
    await update(homeKey(home));
  }
};
