import { readFileSync } from "node:fs";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type Home, parseHome } from "#domain/home/home.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import { deviceKey, sceneKey } from "#domain/home/keys.ts";
import { homeItem } from "../devices/home-records.ts";
import { createHome, findHome, type HomeTable } from "./directory.ts";
import { type NewMembership, putMembership } from "./members.ts";

/** Reads and checks a home file. @throws HomeError of the first record that is wrong */
export const readHomeFile = (file: string, place: HomePlace): Home =>
  parseHome(JSON.parse(readFileSync(file, "utf8")), place);

/** Makes a home with its devices, scenes and members, unless it is there: then it is left as it is. */
export const seedHome = async (
  table: HomeTable,
  meta: HomeMeta,
  home: Home,
  members: () => Promise<readonly NewMembership[]>,
): Promise<void> => {
  if ((await findHome(table, meta.home)) !== undefined) return;
  const put = async (...item: Parameters<typeof homeItem>): Promise<void> => {
    await table.dynamoDb.send(
      new PutItemCommand({ TableName: table.homeTable, Item: homeItem(...item) }),
    );
  };
  // Devices first: a scene is read against them. META last: what was cut off is begun again at the next start.
  for (const device of home.devices) await put(meta.home, deviceKey(device.id), device);
  for (const scene of home.scenes) await put(meta.home, sceneKey(scene.id), scene);
  for (const member of await members()) await putMembership(table, member);
  await createHome(table, meta);
};
