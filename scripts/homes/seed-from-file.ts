import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Device } from "#domain/home/device.ts";
import type { Floor, Group } from "#domain/home/group.ts";
import { type Home, parseHome } from "#domain/home/home.ts";
import { deviceKey, floorKey, groupKey } from "#domain/home/keys.ts";
import type { Scene } from "#domain/home/scene.ts";
import { Problem } from "../command/problem.ts";
import { recordChange } from "../devices/change-item.ts";
import { homeItem } from "../devices/home-records.ts";
import { registerDevice } from "../devices/register-device.ts";
import type { Registry } from "../devices/registry.ts";
import { writeScene } from "../scenes/write-scene.ts";
import type { Compared } from "./home-difference.ts";

const COMMAND = "seed-home";

/** What is to be done to a home, as it is here and as the file has it. */
export interface Seeding {
  readonly registry: Registry;
  readonly here: Home;
  readonly file: Home;
  /** Those that the home lacks, and of the others those that are to become as in the file. */
  readonly chosen: readonly Compared[];
  /** Where the folders with the devices' keys are. */
  readonly folder: string;
  /** Told of each that is done. */
  readonly onDone: (done: Compared, note: string) => void;
}

/**
 * Makes a home what a file says of it, as far as that is chosen: a new device gets a key, a certificate and a thing, as by
 * add-device. Each is done whole before the next, so that the same command goes on after a failure.
 * @throws HomeError before anything is written, when the home would not be one any more; Problem for what was refused
 */
export const seedFromFile = async (seeding: Seeding): Promise<void> => {
  refuseWhatWouldNotFit(seeding);
  const { registry, here, file, chosen, folder, onDone } = seeding;
  const { home } = here.place;
  for (const one of chosen) {
    const device = ofChosen(one, "device", file.devices);
    const scene = ofChosen(one, "scene", file.scenes);
    const group = ofChosen(one, "group", file.groups);
    const floor = ofChosen(one, "floor", file.floors);
    let note = "";
    if (device !== undefined) note = await seedDevice(seeding, one, device, folder);
    if (scene !== undefined) {
      const before = here.scenes.find(({ id }) => id === scene.id);
      const next = before === undefined ? scene : { ...scene, version: before.version + 1 };
      await writeScene(registry, home, before, next, COMMAND);
    }
    if (group !== undefined) await put(seeding, groupKey(group.id), group, "group-saved");
    if (floor !== undefined) await put(seeding, floorKey(floor.id), floor, "floor-saved");
    onDone(one, note);
  }
};

const ofChosen = <T extends { readonly id: string }>(
  { part, id }: Compared,
  wanted: Compared["part"],
  among: readonly T[],
): T | undefined => (part === wanted ? among.find((one) => one.id === id) : undefined);

const seedDevice = async (
  seeding: Seeding,
  { standing }: Compared,
  device: Device,
  folder: string,
): Promise<string> => {
  const { registry, here } = seeding;
  if (standing === "missing") {
    const own = join(folder, device.thing);
    await registerDevice(registry, here.place.home, device, undefined, own, COMMAND);
    return `key in ${own}`;
  }
  await put(seeding, deviceKey(device.id), device, "device-changed");
  return "";
};

const put = async (
  { registry, here: { place } }: Seeding,
  sortKey: string,
  record: Device | Group | Floor,
  change: "device-changed" | "group-saved" | "floor-saved",
): Promise<void> => {
  await recordChange(registry, { change, home: place.home, subject: record.id, command: COMMAND });
  await registry.dynamoDb.send(
    new PutItemCommand({
      TableName: registry.homeTable,
      Item: homeItem(place.home, sortKey, record),
    }),
  );
};

/** What the home would be must be one: a scene that stays may ask a device that would become another kind. */
const refuseWhatWouldNotFit = ({ here, file, chosen }: Seeding): void => {
  const next = <T extends { readonly id: string }>(
    part: Compared["part"],
    now: readonly T[],
    then: readonly T[],
  ): readonly T[] => {
    const taken = then.filter(({ id }) => chosen.some((one) => one.part === part && one.id === id));
    return [...now.filter(({ id }) => !taken.some((one) => one.id === id)), ...taken];
  };
  const devices = next("device", here.devices, file.devices);
  const other = devices.find(({ id, kind }) =>
    here.devices.some((one) => one.id === id && one.kind !== kind),
  );
  if (other !== undefined) {
    throw new Problem(
      `${other.id} is another kind of device here than in the file (${other.kind}). Take it out first: npm run remove-device -- ${other.id} --from-scenes. Nothing was changed.`,
    );
  }
  const scenes: readonly Scene[] = next("scene", here.scenes, file.scenes);
  parseHome(
    {
      devices,
      scenes,
      groups: next("group", here.groups, file.groups),
      floors: next("floor", here.floors, file.floors),
    },
    here.place,
  );
};
