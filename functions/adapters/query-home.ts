import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { requireFormat } from "#domain/format.ts";
import { type Home, parseHome } from "#domain/home/home.ts";
import { parseMeta } from "#domain/home/home-meta.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import {
  DEVICE_PREFIX,
  FLOOR_PREFIX,
  GROUP_PREFIX,
  homeKey,
  META_KEY,
  SCENE_PREFIX,
} from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { queryPartition } from "./query-partition.ts";

/**
 * Reads all devices and scenes of a home with one strongly consistent query.
 * @throws HomeError `HomeUnknown` for a home that is not there or was deleted, `HomeEmpty` for one without devices, or of
 * the first record that is wrong.
 */
export const queryHome = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  place: HomePlace,
): Promise<Home> => {
  const { home } = place;
  const items = await queryPartition(client, tableName, { partition: homeKey(home), home });
  const meta = items.find(({ SK }) => SK === META_KEY);
  if (meta === undefined || parseMeta(meta).state === "deleted") {
    throw new HomeError("HomeUnknown", `There is no home "${home}". Nothing was changed.`);
  }
  const having = (prefix: string): readonly unknown[] => {
    const records = items.filter(({ SK }) => typeof SK === "string" && SK.startsWith(prefix));
    for (const record of records)
      requireFormat(record, `${String(record.PK)} ${String(record.SK)}`);
    return records;
  };
  const devices = having(DEVICE_PREFIX);
  if (devices.length === 0) {
    throw new HomeError(
      "HomeEmpty",
      `The home "${home}" has no devices yet; add them with npm run add-device.`,
    );
  }
  const scenes = having(SCENE_PREFIX);
  return parseHome(
    { devices, scenes, groups: having(GROUP_PREFIX), floors: having(FLOOR_PREFIX) },
    place,
  );
};
