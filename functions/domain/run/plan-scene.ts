import { FORMAT } from "#domain/format.ts";
import { type Device, type DeviceId, isCommandable } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import type { Scene, Stage } from "#domain/home/scene.ts";
import { completeState, defaultWindowSeconds } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import type { Plan, PlannedCommand } from "./plan.ts";
import { requireRunnable } from "./plan-limits.ts";

/**
 * Compiles a scene: stages in order, devices by id (a table's maps keep no order, and equal scenes must have equal
 * hashes), without those left out; empty stages fall away.
 * @throws HomeError `PlanEmpty` when nothing is left to do, `PlanTooLarge` above 62 kB, `PlanTooLong` when waiting for silent devices could take more than four minutes, `SceneInvalid` when a device is gone from the home.
 */
export const planScene = (
  scene: Scene,
  { place, devices }: Pick<Home, "place" | "devices">,
  except: readonly DeviceId[],
): Plan => {
  const stages = scene.stages
    .map((stage) => ({ name: stage.name, commands: commandsOf(stage, scene, devices, except) }))
    .filter((stage) => stage.commands.length > 0)
    .map((stage, index) => ({ index, ...stage }));
  if (stages.length === 0) {
    throw new HomeError(
      "PlanEmpty",
      `Without the devices in "except", nothing of "${scene.id}" is left to do. Nothing was changed.`,
    );
  }
  const inScene = new Set(scene.stages.flatMap((stage) => Object.keys(stage.devices)));
  const plan: Plan = {
    v: FORMAT,
    home: place.home,
    scene: scene.id,
    sceneName: scene.name,
    sceneVersion: scene.version,
    stages,
    leftOut: [...new Set(except)].filter((id) => inScene.has(id)).sort(),
  };
  requireRunnable(plan);
  return plan;
};

const commandsOf = (
  stage: Stage,
  scene: Scene,
  devices: readonly Device[],
  except: readonly DeviceId[],
): readonly PlannedCommand[] =>
  Object.entries(stage.devices)
    .filter(([id]) => !except.includes(id))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, wanted]) => {
      const device = devices.find((candidate) => candidate.id === id);
      if (device === undefined || !isCommandable(device)) {
        throw new HomeError(
          "SceneInvalid",
          `Scene "${scene.id}" names the device "${id}", which the home does not have${device === undefined ? "" : " as one that can be commanded"}. Nothing was changed.`,
        );
      }
      const want = completeState(wanted, `Scene "${scene.id}", ${id}`);
      const transitionSeconds = "light" in want ? stage.transitionSeconds : 0;
      return {
        device: id,
        name: device.name,
        thing: device.thing,
        kind: device.kind,
        want,
        required: stage.required.includes(id),
        transitionSeconds,
        windowSeconds:
          (Object.hasOwn(stage.windowSeconds, id) ? stage.windowSeconds[id] : undefined) ??
          device.windowSeconds ??
          defaultWindowSeconds(device.kind, want, transitionSeconds),
        ...(device.step === undefined ? {} : { step: device.step }),
      };
    });
