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
  scenesKey,
} from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { queryPartition } from "./query-partition.ts";

/**
 * Reads all devices and scenes of a home with two strongly consistent queries: what it was made with, and the scenes
 * that were saved since.
 * @throws HomeError `HomeUnknown` for a home that is not there or was deleted, `HomeEmpty` for one without devices, or of
 * the first record that is wrong.
 */
export const queryHome = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  place: HomePlace,
): Promise<Home> => {
  const { home } = place;
  const [items, saved] = await Promise.all([
    queryPartition(client, tableName, { partition: homeKey(home), home }),
    queryPartition(client, tableName, { partition: scenesKey(home), prefix: SCENE_PREFIX, home }),
  ]);
  const meta = items.find(({ SK }) => SK === META_KEY);
  const about = meta === undefined ? undefined : parseMeta(meta);
  if (about === undefined || about.state === "deleted") {
    throw new HomeError("HomeUnknown", `There is no home "${home}". Nothing was changed.`);
  }
  const having = (prefix: string, among: typeof items = items): typeof items => {
    const records = among.filter(({ SK }) => typeof SK === "string" && SK.startsWith(prefix));
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
  const newer = having(SCENE_PREFIX, saved);
  const scenes = [
    ...having(SCENE_PREFIX).map((first) => newer.find(({ SK }) => SK === first.SK) ?? first),
    ...newer.filter(({ SK }) => !items.some((first) => first.SK === SK)),
  ];
  const found = parseHome(
    { devices, scenes, groups: having(GROUP_PREFIX), floors: having(FLOOR_PREFIX) },
    place,
  );
  const { timeZone, position, mode, approvesOwn } = about;
  return {
    ...found,
    ...(approvesOwn === true ? { approvesOwn } : {}),
    meta: {
      timeZone,
      ...(position === undefined ? {} : { position }),
      ...(mode === undefined ? {} : { mode }),
    },
  };
};
