import { refuseOtherFormat } from "#domain/format.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { type Device, type DeviceId, parseAliases } from "./device.ts";
import { isName } from "./is-name.ts";

/** Devices that are named together; a group may hold groups. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Ids of devices and of groups. */
  readonly members: readonly string[];
}

/** Rooms above one another. */
export interface Floor {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly rooms: readonly string[];
}

const ID = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const MOST_MEMBERS = 200;

type Wrong = (what: string) => HomeError;

/**
 * Reads the groups of a home: each member is a device or a group of it, and no group holds itself, however many groups
 * lie between.
 * @throws HomeError `GroupInvalid`, naming the group and the member; `FormatUnknown`
 */
export const parseGroups = (
  records: readonly unknown[],
  devices: readonly Device[],
): readonly Group[] => {
  const groups = records.map((record) => parseGroup(record));
  const ids = groups.map(({ id }) => id);
  const known = new Set([...devices.map(({ id }) => id), ...ids]);
  for (const [index, { id, members }] of groups.entries()) {
    const wrong = wrongOf("Group", id);
    if (ids.indexOf(id) !== index) throw wrong("there are two of this id.");
    if (devices.some((device) => device.id === id)) throw wrong("a device has this id.");
    const stranger = members.find((member) => !known.has(member));
    if (stranger !== undefined) throw wrong(`${shown(stranger)} is no device and no group.`);
  }
  for (const group of groups) devicesOfGroup(group, groups);
  return groups;
};

/**
 * The devices of a group and of the groups in it, each once.
 * @throws HomeError `GroupInvalid` for a group that holds itself, with the way round
 */
export const devicesOfGroup = (group: Group, groups: readonly Group[]): readonly DeviceId[] => [
  ...new Set(membersOf(group, groups, [])),
];

const membersOf = (
  group: Group,
  groups: readonly Group[],
  above: readonly string[],
): readonly DeviceId[] => {
  const way = [...above, group.id];
  if (above.includes(group.id)) {
    throw new HomeError("GroupInvalid", `A group holds itself: ${way.join(" > ")}.`);
  }
  return group.members.flatMap((member) => {
    const inner = groups.find(({ id }) => id === member);
    return inner === undefined ? [member] : membersOf(inner, groups, way);
  });
};

const parseGroup = (record: unknown): Group => {
  const { id, name, aliases, value, wrong } = namedOf("Group", record);
  const { members } = value;
  if (!isListOf(members, (one) => ID.test(one))) {
    throw wrong(
      `members must be a list of 1 to ${MOST_MEMBERS} ids of devices or groups, each once.`,
    );
  }
  return { id, name, aliases, members };
};

/**
 * Reads the floors of a home. A room that no device is in yet may stand there.
 * @throws HomeError `FloorInvalid`, naming the floor and the room; `FormatUnknown`
 */
export const parseFloors = (records: readonly unknown[]): readonly Floor[] => {
  const floors = records.map((record): Floor => {
    const { id, name, aliases, value, wrong } = namedOf("Floor", record);
    if (!isListOf(value.rooms, isName)) {
      throw wrong(`rooms must be a list of 1 to ${MOST_MEMBERS} names of rooms, each once.`);
    }
    return { id, name, aliases, rooms: value.rooms };
  });
  const rooms = floors.flatMap((floor) => floor.rooms);
  const twice = rooms.find((room, index) => rooms.indexOf(room) !== index);
  if (twice === undefined) return floors;
  const on = floors.filter((floor) => floor.rooms.includes(twice)).map(({ id }) => id);
  throw new HomeError("FloorInvalid", `The room ${shown(twice)} is on ${on.join(" and on ")}.`);
};

const namedOf = (noun: "Group" | "Floor", value: unknown) => {
  if (!isObject(value)) throw wrongOf(noun, value)("it must be an object.");
  const wrong = wrongOf(noun, value.id);
  refuseOtherFormat(value, `${noun} ${shown(value.id)}`);
  const { id, name } = value;
  if (typeof id !== "string" || !ID.test(id) || id.length > 64) {
    throw wrong("id must be lower-case words joined by _, e.g. all_lights.");
  }
  if (!isName(name)) throw wrong("name must be a text of 1 to 64 characters.");
  return { id, name, aliases: parseAliases(value.aliases, wrong), value, wrong };
};

const wrongOf =
  (noun: "Group" | "Floor", id: unknown): Wrong =>
  (what) =>
    new HomeError(
      noun === "Group" ? "GroupInvalid" : "FloorInvalid",
      `${noun} ${shown(id)}: ${what}`,
    );

const isListOf = (value: unknown, fits: (one: string) => boolean): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MOST_MEMBERS &&
  new Set(value).size === value.length &&
  value.every((one) => typeof one === "string" && fits(one));
