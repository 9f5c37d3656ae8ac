import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { type Device, parseDevice } from "./device.ts";
import type { Home } from "./home.ts";
import { idOfName } from "./id-of-name.ts";
import { normalizeName } from "./names.ts";

/** What somebody says of a device that is to join the home. */
export interface DeviceRequest {
  /** Its id (`porch_lamp`), or its name (`Porch lamp`), of which the id is then made. */
  readonly name: string;
  readonly kind: string;
  readonly room: string;
  readonly aliases?: readonly string[];
  readonly windowSeconds?: number;
  readonly deviceClass?: string;
  /** What it senses, and the steps in which it can be set, by field. */
  readonly senses?: readonly string[];
  readonly step?: Readonly<Record<string, number>>;
}

/**
 * The device, if it can join: its id is new, and no other device is called by one of its names. A room is
 * written as the home writes it already.
 * @throws HomeError `DeviceInvalid` or `DeviceExists`, naming the member or the device in the way
 */
export const newDevice = (home: Home, request: DeviceRequest): Device => {
  const { name, room, ...rest } = request;
  const id = idOfName(name);
  if (!/^[a-z]/.test(id)) {
    throw new HomeError(
      "DeviceInvalid",
      `${shown(name)} makes no id: give a name that begins with one of the letters a to z, such as "Porch lamp".`,
    );
  }
  const knownRoom = home.devices.find(
    (device) => normalizeName(device.room) === normalizeName(room),
  )?.room;
  const device = parseDevice(
    {
      ...rest,
      id,
      // `porch_lamp` is called "Porch lamp".
      name:
        name === id
          ? id.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase())
          : name,
      room: knownRoom ?? room,
    },
    home.place,
  );
  for (const other of home.devices) {
    if (other.id === device.id) {
      throw new HomeError(
        "DeviceExists",
        `The home has a device "${other.id}" already (${other.name}, a ${other.kind}). Choose another name. Nothing was changed.`,
        { closest: [other.id] },
      );
    }
    const taken = namesOf(device).find((one) =>
      namesOf(other).some((each) => normalizeName(each) === normalizeName(one)),
    );
    if (taken !== undefined) {
      throw new HomeError(
        "DeviceExists",
        `"${taken}" already means ${other.id}, and a name must mean one device. Choose another. Nothing was changed.`,
        { closest: [other.id] },
      );
    }
  }
  return device;
};

const namesOf = ({ id, name, aliases }: Device): readonly string[] => [id, name, ...aliases];
