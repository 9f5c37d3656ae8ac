import { type CommandableDevice, type DeviceId, isCommandable } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import { normalizeName } from "#domain/home/names.ts";
import { MAX_DEVICES_IN_SCENE, type Scene } from "#domain/home/scene.ts";
import { resolveTarget } from "#domain/home/targets.ts";
import { type DeviceKind, isDeviceKind, type WantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { canonicalJson, type Json } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { UNSAVED_SCENE } from "#domain/run/plan.ts";
import { kindsThatTake, type ReadWant, readWant, wantedOf } from "./read-want.ts";

/** A state that somebody wants of a device, or of all that a name means. */
export interface Wish {
  readonly device: string;
  /** A word, or values in the home's own words. */
  readonly want: unknown;
  /** Only the devices of this kind. */
  readonly kind?: string;
}

type Place = Pick<Home, "devices" | "groups" | "floors">;

interface Meant {
  readonly devices: readonly CommandableDevice[];
  /** It was named by itself. */
  readonly isOwn: boolean;
}

const NEXT = 'Call set_devices again with one of these names in "device".';

/**
 * The scene that some wishes make, which nobody saves: each device once, each state whole. A device that is named by
 * itself holds against a room that it is in.
 * @throws HomeError `DeviceUnknown`, `NameAmbiguous`; `StateInvalid`, naming the device and what it may be; `SceneInvalid` for too many
 */
export const unsavedScene = (wishes: readonly Wish[], home: Place): Scene => {
  const wanted = new Map<DeviceId, { readonly want: WantedState; readonly isOwn: boolean }>();
  for (const wish of wishes) {
    const want = readWant(wish.want, wish.device);
    const { devices, isOwn } = devicesMeant(wish, want, home);
    for (const device of devices) {
      const one = { want: wantedOf(device, want), isOwn };
      const other = wanted.get(device.id);
      if (other === undefined || (isOwn && !other.isOwn)) wanted.set(device.id, one);
      else if (other.isOwn === isOwn && textOf(other.want) !== textOf(one.want)) {
        throw new HomeError(
          "StateInvalid",
          `${device.name} is asked for two states: ${textOf(other.want)} and ${textOf(one.want)}. Send the one that is wanted.`,
        );
      }
    }
  }
  if (wanted.size > MAX_DEVICES_IN_SCENE) {
    throw new HomeError(
      "SceneInvalid",
      `That is ${wanted.size} devices; ${MAX_DEVICES_IN_SCENE} at most are asked at once. Call set_devices floor by floor.`,
    );
  }
  return {
    id: UNSAVED_SCENE,
    name: "Device change",
    aliases: [],
    version: 0,
    stages: [
      {
        name: "all at once",
        devices: Object.fromEntries([...wanted].map(([id, { want }]) => [id, want])),
        required: [],
        transitionSeconds: 0,
        windowSeconds: {},
      },
    ],
  };
};

const textOf = (want: WantedState): string => canonicalJson(want as unknown as Json);

// Names of the whole home, which no target has.
const EVERYTHING = new Set(
  ["all", "everything", "all devices", "whole home", "whole house", "alles"].map(normalizeName),
);

const devicesMeant = (wish: Wish, want: ReadWant, home: Place): Meant => {
  const named = targetOf(wish.device, home);
  const kind = wish.kind ?? want.kind;
  if (kind !== undefined && !isDeviceKind(kind)) {
    throw new HomeError("StateInvalid", `${shown(kind)} is no kind of device.`);
  }
  const own = named.devices[0];
  if (named.isOwn && own !== undefined) {
    if (isCommandable(own)) return { devices: [own], isOwn: true };
    throw new HomeError(
      "StateInvalid",
      `${own.name} is a sensor, which reports and is never commanded. Call get_state to read it.`,
    );
  }
  const devices = named.devices.filter(isCommandable);
  const kinds = kind === undefined ? kindsFor(want, wish.device, devices) : [kind];
  const meant = devices.filter((device) => kinds.includes(device.kind));
  if (meant.length > 0) return { devices: meant, isOwn: false };
  throw new HomeError(
    "StateInvalid",
    `${shown(wish.device)} has nothing that could be ${shown(wish.want)}. Name the device itself, or another state.`,
  );
};

const targetOf = (
  name: string,
  home: Place,
): { readonly devices: Home["devices"]; readonly isOwn: boolean } => {
  const isAll = EVERYTHING.has(normalizeName(name)) && !isTarget(name, home);
  if (isAll) return { devices: home.devices, isOwn: false };
  const target = resolveTarget(name, home, NEXT);
  return {
    devices: home.devices.filter(({ id }) => target.devices.includes(id)),
    isOwn: target.kind === "device",
  };
};

// A home may have a group of that name, which then is what it holds.
const isTarget = (name: string, { groups, floors }: Place): boolean =>
  [...groups, ...floors].some((one) =>
    [one.id, one.name, ...one.aliases].some((each) => normalizeName(each) === normalizeName(name)),
  );

const kindsFor = (
  want: ReadWant,
  name: string,
  devices: readonly CommandableDevice[],
): readonly DeviceKind[] => {
  const there = [...new Set(devices.map(({ kind }) => kind))];
  const fitting = kindsThatTake(want, there);
  if (want.isSwitch || fitting.length <= 1) return fitting;
  throw new HomeError(
    "StateInvalid",
    `${shown(name)} has devices of several kinds that this could be asked of: ${fitting.join(", ")}. Say which, e.g. {"device":${shown(name)},"kind":"${fitting[0]}","want":…}.`,
  );
};
