import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { counted } from "#domain/counted.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { thingOf } from "#domain/home/home-place.ts";
import {
  claimsKey,
  DEVICE_PREFIX,
  homeKey,
  META_KEY,
  scenesKey,
  schedulesKey,
} from "#domain/home/keys.ts";
import type { Registry } from "../devices/registry.ts";
import { withdrawThing } from "../devices/withdraw-thing.ts";
import { closeHome, queryAll, strikeFromDirectory } from "./directory.ts";
import { type Member, membersOf } from "./members.ts";
import { removeMember } from "./remove-member.ts";
import { unplaceHome } from "./unplace-home.ts";

/** What goes when a home is deleted. */
export interface HomeContents {
  /** Ids: their records need not be readable to go. */
  readonly devices: readonly string[];
  /** Sort keys of the home's other records, its scenes. */
  readonly others: readonly string[];
  /** Ids, the same. */
  readonly schedules: readonly string[];
  readonly members: readonly Member[];
}

export const contentsOf = async (registry: Registry, home: HomeId): Promise<HomeContents> => {
  const keys = (await queryAll(registry, homeKey(home)))
    .map(({ SK }) => String(SK))
    .filter((key) => key !== META_KEY);
  return {
    devices: keys
      .filter((key) => key.startsWith(DEVICE_PREFIX))
      .map((key) => key.slice(DEVICE_PREFIX.length)),
    others: keys.filter((key) => !key.startsWith(DEVICE_PREFIX)),
    schedules: (await queryAll(registry, schedulesKey(home))).map(({ SK }) => String(SK)),
    members: await membersOf(registry, home),
  };
};

/** The same for a person who is to say yes. */
export const contentLines = ({
  devices,
  others,
  schedules,
  members,
}: HomeContents): readonly string[] => [
  `  ${counted(devices.length, "device")}, with certificates, things and shadows${listed(devices)}`,
  `  ${counted(others.length, "scene")}${listed(others.map((key) => key.replace(/^.*#/, "")))}`,
  `  ${counted(schedules.length, "schedule")}${listed(schedules)}`,
  `  ${counted(members.length, "member")}${listed(members.map(({ who, role }) => `${who} (${role})`))}`,
];

const listed = (names: readonly string[]): string =>
  names.length === 0 ? "" : `: ${names.join(", ")}`;

/**
 * Deletes a home. Its META first, so that nothing of it runs or grows any more, and the directory's line last: until
 * then the same command can be given again after a cut-off, and finishes. Each record goes after what hangs on it.
 */
export const eraseHome = async (
  registry: Registry,
  home: HomeId,
): Promise<HomeContents & { readonly certificates: number }> => {
  const { thingPrefix } = registry;
  await closeHome(registry, home);
  // The scheduler next: what it still starts finds no home.
  await unplaceHome(registry, home);
  const contents = await contentsOf(registry, home);
  let certificates = 0;
  for (const device of contents.devices) {
    certificates += await withdrawThing(registry, thingOf({ home, thingPrefix }, device));
    await deleteRecord(registry, homeKey(home), `${DEVICE_PREFIX}${device}`);
  }
  for (const key of contents.others) await deleteRecord(registry, homeKey(home), key);
  for (const id of contents.schedules) await deleteRecord(registry, schedulesKey(home), id);
  for (const PK of [scenesKey(home), claimsKey(home)]) {
    for (const { SK } of await queryAll(registry, PK)) await deleteRecord(registry, PK, String(SK));
  }
  for (const { sub } of contents.members) await removeMember(registry, sub, home);
  await strikeFromDirectory(registry, home);
  return { ...contents, certificates };
};

const deleteRecord = async (
  { dynamoDb, homeTable }: Registry,
  PK: string,
  SK: string,
): Promise<void> => {
  await dynamoDb.send(new DeleteItemCommand({ TableName: homeTable, Key: marshall({ PK, SK }) }));
};
