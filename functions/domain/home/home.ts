import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { type Device, parseDevice } from "./device.ts";
import { type Floor, type Group, parseFloors, parseGroups } from "./group.ts";
import type { HomeMeta } from "./home-meta.ts";
import type { HomePlace } from "./home-place.ts";
import { parseScene, type Scene } from "./scene.ts";

/** Everything the backend knows about one home: where it is, its devices, what they are named by together, its scenes. */
export interface Home {
  readonly place: HomePlace;
  readonly devices: readonly Device[];
  readonly scenes: readonly Scene[];
  readonly groups: readonly Group[];
  readonly floors: readonly Floor[];
  /** The home lets who asked for what needs an approval give it at once. */
  readonly approvesOwn?: true;
  /** What conditions of scenes are judged by; absent for a home that was not read from its records. */
  readonly meta?: Pick<HomeMeta, "timeZone" | "position" | "mode">;
}

/**
 * Reads the home of a place from its records: `{devices: [...], scenes: [...]}`, each id once, and where there are any `groups` and `floors`.
 * @throws HomeError of the first record that is wrong.
 */
export const parseHome = (value: unknown, place: HomePlace): Home => {
  if (!isObject(value) || !Array.isArray(value.devices) || !Array.isArray(value.scenes)) {
    throw new HomeError("HomeEmpty", "A home must have a list of devices and a list of scenes.");
  }
  const devices = value.devices.map((device: unknown) => parseDevice(device, place));
  const scenes = value.scenes.map((scene: unknown) => parseScene(scene, devices));
  refuseDouble(
    devices.map((device) => device.id),
    "DeviceInvalid",
  );
  refuseDouble(
    scenes.map((scene) => scene.id),
    "SceneInvalid",
  );
  const { groups = [], floors = [] } = value;
  if (!Array.isArray(groups)) throw new HomeError("GroupInvalid", "groups must be a list.");
  if (!Array.isArray(floors)) throw new HomeError("FloorInvalid", "floors must be a list.");
  return {
    place,
    devices,
    scenes,
    groups: parseGroups(groups, devices),
    floors: parseFloors(floors),
  };
};

const refuseDouble = (ids: readonly string[], code: "DeviceInvalid" | "SceneInvalid"): void => {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new HomeError(code, `"${twice}" is used twice.`);
};
