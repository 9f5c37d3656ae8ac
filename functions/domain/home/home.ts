import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { type Device, parseDevice } from "./device.ts";
import { parseScene, type Scene } from "./scene.ts";

/** Everything the backend knows about one home: its devices and its scenes. */
export interface Home {
  readonly devices: readonly Device[];
  readonly scenes: readonly Scene[];
}

/**
 * Reads a home from its records: `{devices: [...], scenes: [...]}`, each id once.
 * @throws HomeError of the first record that is wrong.
 */
export const parseHome = (value: unknown): Home => {
  if (!isObject(value) || !Array.isArray(value.devices) || !Array.isArray(value.scenes)) {
    throw new HomeError("HomeEmpty", "A home must have a list of devices and a list of scenes.");
  }
  const devices = value.devices.map(parseDevice);
  const scenes = value.scenes.map((scene: unknown) => parseScene(scene, devices));
  refuseDouble(
    devices.map((device) => device.id),
    "DeviceInvalid",
  );
  refuseDouble(
    devices.map((device) => device.thing),
    "DeviceInvalid",
  );
  refuseDouble(
    scenes.map((scene) => scene.id),
    "SceneInvalid",
  );
  return { devices, scenes };
};

const refuseDouble = (ids: readonly string[], code: "DeviceInvalid" | "SceneInvalid"): void => {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new HomeError(code, `"${twice}" is used twice.`);
};
