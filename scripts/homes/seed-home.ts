import { readFileSync } from "node:fs";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type Home, parseHome } from "#domain/home/home.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import { deviceKey, OLD_HOME_KEY, sceneKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { homeItem } from "../devices/home-records.ts";
import { createHome, findHome, type HomeTable, queryAll } from "./directory.ts";
import { type NewMembership, putMembership } from "./members.ts";

/** Reads and checks a home file. @throws HomeError of the first record that is wrong */
export const readHomeFile = (file: string, place: HomePlace): Home =>
  parseHome(JSON.parse(readFileSync(file, "utf8")), place);

/**
 * Makes a home with its devices, scenes and members, unless it is there: then it is left as it is.
 * @throws HomeError `HomeFormatOld` for a table from before homes had ids
 */
export const seedHome = async (
  table: HomeTable,
  meta: HomeMeta,
  home: Home,
  members: () => Promise<readonly NewMembership[]>,
): Promise<void> => {
  if ((await findHome(table, meta.home)) !== undefined) return;
  await refuseOldForm(table);
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

const refuseOldForm = async (table: HomeTable): Promise<void> => {
  if ((await queryAll(table, OLD_HOME_KEY)).length === 0) return;
  throw new HomeError(
    "HomeFormatOld",
    "This home was made before homes had ids, and its things have other names now. Nothing was changed. Start with another folder (--data DIR), or move this one away; devices are added again with npm run add-device.",
  );
};
