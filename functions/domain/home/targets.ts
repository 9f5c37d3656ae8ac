import { counted } from "#domain/counted.ts";
import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import type { DeviceId } from "./device.ts";
import { devicesOfGroup } from "./group.ts";
import type { Home } from "./home.ts";
import { idOfName } from "./id-of-name.ts";
import { type Named, namedAlike, nearlyNamed, resolveName } from "./names.ts";

/** What a name may mean where devices are named: one device, or several by what they have in common. */
export type TargetKind = "device" | "group" | "room" | "floor" | "label";

/** What a name means. */
export interface Target extends Named {
  readonly kind: TargetKind;
  /** In the order of the home. */
  readonly devices: readonly DeviceId[];
}

type Place = Pick<Home, "devices" | "groups" | "floors">;

/** Everything that may be named in a home, devices first. */
export const targetsOf = (home: Place): readonly Target[] => {
  const { devices, groups, floors } = home;
  const having = (has: (device: Place["devices"][number]) => boolean): readonly DeviceId[] =>
    devices.filter(has).map(({ id }) => id);
  const words = (
    kind: TargetKind,
    names: readonly string[],
    has: (device: Place["devices"][number], name: string) => boolean,
  ): readonly Target[] =>
    [...new Set(names)].map((name) => ({
      kind,
      id: idOfName(name) || name,
      name,
      aliases: [],
      devices: having((device) => has(device, name)),
    }));
  return [
    ...devices.map(
      ({ id, name, aliases }): Target => ({ kind: "device", id, name, aliases, devices: [id] }),
    ),
    ...groups.map((group): Target => {
      const members = new Set(devicesOfGroup(group, groups));
      const { id, name, aliases } = group;
      return { kind: "group", id, name, aliases, devices: having((one) => members.has(one.id)) };
    }),
    ...words(
      "room",
      devices.map(({ room }) => room),
      (device, room) => device.room === room,
    ),
    ...floors.map(
      ({ id, name, aliases, rooms }): Target => ({
        kind: "floor",
        id,
        name,
        aliases,
        devices: having(({ room }) => rooms.includes(room)),
      }),
    ),
    ...words(
      "label",
      devices.flatMap(({ labels = [] }) => labels),
      (device, label) => device.labels?.includes(label) === true,
    ),
  ];
};

/** For what looks and changes nothing: a name with a slip of the finger means what is called nearly so, if one thing is. */
export interface Forgiving {
  readonly forgives?: boolean;
}

/**
 * What a name means: a device, else a group, a room, a floor or a label. `room:Kitchen` says which of them is meant.
 * @throws HomeError `DeviceUnknown` with the closest names, or `NameAmbiguous` with the candidates. Nothing is guessed.
 */
export const resolveTarget = (
  name: string,
  home: Place,
  next: string,
  { forgives = false }: Forgiving = {},
): Target => {
  const targets = targetsOf(home);
  const [, said, rest] = /^(device|group|room|floor|label): *(.+)$/.exec(name) ?? [];
  const meant = rest ?? name;
  const all = targets.filter(({ kind }) => said === undefined || kind === said);
  const alike = namedAlike(meant, all);
  const found = alike.length > 0 || !forgives ? alike : nearlyNamed(meant, all);
  // A lamp that is called like its room stays what it was before rooms could be named.
  const devices = found.filter(({ kind }) => kind === "device");
  const among = devices.length > 0 ? devices : found;
  const [only] = among;
  if (only !== undefined && among.every((one) => one.devices.join() === only.devices.join())) {
    return only;
  }
  if (found.length === 0) refuseWordOfSeveral(meant, home);
  // Several, or none: told apart by what they are, and told with the closest.
  const unlike = among.length > 1 && among.some(({ kind }) => kind !== "device");
  const offered = unlike ? among.map((one) => ({ ...one, id: `${one.kind}:${one.name}` })) : all;
  return resolveName(meant, offered, { noun: "device", unknown: "DeviceUnknown", next });
};

const MOST_OFFERED = 10;

// "lamp" is the name of none, and a word of four: which one is for the user to say.
const refuseWordOfSeveral = (name: string, { devices }: Place): void => {
  const words = wordsOf(name);
  const having = devices.filter((device) =>
    [device.name, ...device.aliases].some((one) =>
      words.every((word) => wordsOf(one).includes(word)),
    ),
  );
  if (words.length === 0 || having.length < 2) return;
  const some = having.slice(0, MOST_OFFERED);
  const more = having.length - some.length;
  throw new HomeError(
    "NameAmbiguous",
    `${shown(name)} matches ${counted(having.length, "device")}: ${some.map(({ name: own, room }) => `${own} (${room})`).join(", ")}${more > 0 ? ` and ${more} more` : ""}. Ask the user which, or name a room. Nothing was changed.`,
    { closest: some.map(({ id }) => id) },
  );
};

const wordsOf = (name: string): readonly string[] =>
  name.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** The devices that names mean, each once, in the order of the home. @throws as `resolveTarget` */
export const resolveDevices = (
  names: readonly string[],
  home: Place,
  next: string,
  forgiving: Forgiving = {},
): readonly DeviceId[] => {
  const meant = new Set(
    names.flatMap((name) => resolveTarget(name, home, next, forgiving).devices),
  );
  return home.devices.filter(({ id }) => meant.has(id)).map(({ id }) => id);
};

/**
 * The one device that a name means.
 * @throws HomeError `DeviceUnknown` with the closest names; `NameAmbiguous` for a name of several, with them
 */
export const resolveDevice = (
  name: string,
  home: Place,
  next: string,
  forgiving: Forgiving = {},
): Place["devices"][number] => {
  const { devices } = resolveTarget(name, home, next, forgiving);
  const [only, ...more] = home.devices.filter(({ id }) => devices.includes(id));
  if (only !== undefined && more.length === 0) return only;
  throw new HomeError(
    "NameAmbiguous",
    `${shown(name)} means ${counted(devices.length, "device")}: ${devices.slice(0, MOST_OFFERED).join(", ")}${devices.length > MOST_OFFERED ? " and more" : ""}. ${next} Nothing was changed.`,
    { closest: devices.slice(0, MOST_OFFERED) },
  );
};
