import type { DeviceId } from "./device.ts";
import { devicesOfGroup } from "./group.ts";
import type { Home } from "./home.ts";
import { idOfName } from "./id-of-name.ts";
import { type Named, normalizeName, resolveName } from "./names.ts";

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

/**
 * What a name means: a device, else a group, a room, a floor or a label. `room:Kitchen` says which of them is meant.
 * @throws HomeError `DeviceUnknown` with the closest names, or `NameAmbiguous` with the candidates. Nothing is guessed.
 */
export const resolveTarget = (name: string, home: Place, next: string): Target => {
  const targets = targetsOf(home);
  const [, said, rest] = /^(device|group|room|floor|label): *(.+)$/.exec(name) ?? [];
  const wanted = normalizeName(rest ?? name);
  const isMeant = ({ kind, id, name: own, aliases }: Target): boolean =>
    (said === undefined || kind === said) &&
    [id, own, ...aliases].some((each) => normalizeName(each) === wanted);
  const found = targets.filter(isMeant);
  // A lamp that is called like its room stays what it was before rooms could be named.
  const devices = found.filter(({ kind }) => kind === "device");
  const among = devices.length > 0 ? devices : found;
  const [only] = among;
  if (only !== undefined && among.every((one) => one.devices.join() === only.devices.join())) {
    return only;
  }
  // Several, or none: told apart by what they are, and told with the closest.
  const unlike = among.length > 1 && among.some(({ kind }) => kind !== "device");
  const offered = unlike
    ? among.map((one) => ({ ...one, id: `${one.kind}:${one.name}` }))
    : targets.filter(({ kind }) => said === undefined || kind === said);
  return resolveName(rest ?? name, offered, { noun: "device", unknown: "DeviceUnknown", next });
};

/** The devices that names mean, each once, in the order of the home. @throws as `resolveTarget` */
export const resolveDevices = (
  names: readonly string[],
  home: Place,
  next: string,
): readonly DeviceId[] => {
  const meant = new Set(names.flatMap((name) => resolveTarget(name, home, next).devices));
  return home.devices.filter(({ id }) => meant.has(id)).map(({ id }) => id);
};
