import { HomeError } from "#domain/home-error.ts";
import type { Device, DeviceId } from "./device.ts";
import { parseScene, type Scene, type Stage } from "./scene.ts";

/**
 * The scene's next version, in which a stage asks the device for a state too.
 * @throws HomeError `SceneInvalid` when the stage is not said or not known, `StateInvalid`, or what `parseScene` finds
 */
export const withDevice = (
  scene: Scene,
  device: Device,
  want: unknown,
  stageName: string | undefined,
  devices: readonly Device[],
): Scene => {
  const { stages } = scene;
  const known = stages.map(({ name }) => `"${name}"`).join(", ");
  const [only, ...more] = stages;
  const stage =
    stageName === undefined && more.length === 0
      ? only
      : stages.find(({ name }) => name === stageName);
  if (stage === undefined) {
    const what =
      stageName === undefined
        ? `Scene "${scene.id}" has several stages; say which one is to ask ${device.id}`
        : `Scene "${scene.id}" has no stage "${stageName}"`;
    throw new HomeError("SceneInvalid", `${what}: ${known}. Nothing was changed.`);
  }
  return changed(
    scene,
    stages.map((one) =>
      one === stage
        ? {
            ...one,
            devices: { ...one.devices, [device.id]: want },
            ...(one.fromParameters && { fromParameters: without(one.fromParameters, device.id) }),
          }
        : one,
    ),
    [...devices, device],
  );
};

/**
 * The scene's next version without the device; a stage that asked nobody else goes with it.
 * @throws HomeError `DeviceInUse` when nothing would be left of the scene
 */
export const withoutDevice = (scene: Scene, id: DeviceId, devices: readonly Device[]): Scene => {
  const stages = scene.stages
    .map((stage) => ({
      ...stage,
      devices: without(stage.devices, id),
      required: stage.required.filter((one) => one !== id),
      windowSeconds: without(stage.windowSeconds, id),
      ...(stage.fadeSeconds && { fadeSeconds: without(stage.fadeSeconds, id) }),
      ...(stage.deviceWhen && { deviceWhen: without(stage.deviceWhen, id) }),
      ...(stage.fromParameters && { fromParameters: without(stage.fromParameters, id) }),
    }))
    .filter((stage) => Object.keys(stage.devices).length > 0);
  if (stages.length === 0) {
    throw new HomeError(
      "DeviceInUse",
      `Scene "${scene.id}" asks no device but ${id}; nothing would be left of it. Nothing was changed.`,
    );
  }
  const { approval } = scene;
  const rest =
    approval === undefined ? scene : { ...scene, approval: approval.filter((one) => one !== id) };
  return changed(rest, stages, devices);
};

/** Does the scene ask this device? */
export const asksDevice = (scene: Scene, id: DeviceId): boolean =>
  scene.stages.some((stage) => Object.hasOwn(stage.devices, id));

const changed = (
  scene: Scene,
  stages: readonly (Omit<Stage, "devices"> & { readonly devices: object })[],
  devices: readonly Device[],
): Scene => parseScene({ ...scene, version: scene.version + 1, stages }, devices);

const without = <T>(
  record: Readonly<Record<DeviceId, T>>,
  id: DeviceId,
): Readonly<Record<DeviceId, T>> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== id));
