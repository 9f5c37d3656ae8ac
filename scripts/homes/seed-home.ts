import { readFileSync } from "node:fs";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type Home, parseHome } from "#domain/home/home.ts";
import { type HomeMeta, isPosition, type Position } from "#domain/home/home-meta.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import { deviceKey, floorKey, groupKey, homeKey, sceneKey } from "#domain/home/keys.ts";
import { isObject } from "#domain/json.ts";
import { Problem } from "../command/problem.ts";
import { homeItem } from "../devices/home-records.ts";
import { createHome, findHome, type HomeTable, queryAll } from "./directory.ts";
import { putCoverClass, putSettings } from "./home-settings.ts";
import { type NewMembership, putMembership } from "./members.ts";

/** Reads and checks a home file. @throws HomeError of the first record that is wrong */
export const readHomeFile = (file: string, place: HomePlace): Home =>
  parseHome(JSON.parse(readFileSync(file, "utf8")), place);

/** Where a home file says that the home is. @throws Problem for a place that there is not */
export const readPosition = (file: string): Position | undefined => {
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  const position = isObject(content) ? content.position : undefined;
  if (position === undefined || isPosition(position)) return position;
  throw new Problem(
    `The position in ${file} must be {"latitude": -90 to 90, "longitude": -180 to 180}.`,
  );
};

/**
 * Makes a home with its devices, scenes and members, unless it is there: then it is left as it is, but for what records
 * of before schedules do not say, where the home is and what its covers cover.
 */
export const seedHome = async (
  table: HomeTable,
  meta: HomeMeta,
  home: Home,
  members: () => Promise<readonly NewMembership[]>,
): Promise<void> => {
  const there = await findHome(table, meta.home);
  if (there !== undefined) {
    if (there.state === "active") await fillIn(table, there, meta, home);
    return;
  }
  const put = async (...item: Parameters<typeof homeItem>): Promise<void> => {
    await table.dynamoDb.send(
      new PutItemCommand({ TableName: table.homeTable, Item: homeItem(...item) }),
    );
  };
  // Devices first: a scene is read against them. META last: what was cut off is begun again at the next start.
  for (const device of home.devices) await put(meta.home, deviceKey(device.id), device);
  for (const scene of home.scenes) await put(meta.home, sceneKey(scene.id), scene);
  for (const group of home.groups) await put(meta.home, groupKey(group.id), group);
  for (const floor of home.floors) await put(meta.home, floorKey(floor.id), floor);
  for (const member of await members()) await putMembership(table, member);
  await createHome(table, meta);
};

const fillIn = async (
  table: HomeTable,
  there: HomeMeta,
  { position }: HomeMeta,
  { devices }: Home,
): Promise<void> => {
  if (there.position === undefined && position !== undefined) {
    await putSettings(table, there.home, { position });
  }
  for (const record of await queryAll(table, homeKey(there.home))) {
    const known = devices.find(({ id }) => record.SK === deviceKey(id));
    if (known?.deviceClass === undefined || record.kind !== known.kind) continue;
    if (record.deviceClass === undefined) {
      await putCoverClass(table, there.home, known.id, known.deviceClass);
    }
  }
};
