import { FORMAT } from "#domain/format.ts";
import { type Device, type DeviceId, isCommandable } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import type { Scene, Stage } from "#domain/home/scene.ts";
import { completeState, defaultWindowSeconds } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import type { Plan, PlannedCommand, SkippedDevice } from "./plan.ts";
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
  skipped: readonly SkippedDevice[] = [],
  given: Readonly<Record<string, string>> = {},
): Plan => {
  const byId = new Map(devices.map((device) => [device.id, device] as const));
  const stages = scene.stages
    .map((stage) => ({ name: stage.name, commands: commandsOf(stage, scene, byId, except) }))
    .filter((stage) => stage.commands.length > 0)
    .map((stage, index) => ({ index, ...stage }));
  if (stages.length === 0) {
    throw new HomeError(
      "PlanEmpty",
      skipped.length === 0
        ? `Without the devices in "except", nothing of "${scene.id}" is left to do. Nothing was changed.`
        : `No condition of "${scene.id}" lets anything happen now: ${sayReasons(skipped)}. Nothing was changed.`,
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
    ...(Object.keys(given).length === 0 ? {} : { parameters: given }),
    ...(skipped.length === 0
      ? {}
      : {
          skipped: skipped
            .map(({ device, because }) => ({ device, because }))
            .toSorted((a, b) => (a.device < b.device ? -1 : 1)),
        }),
    ...(scene.rules === undefined ? {} : { rules: scene.rules }),
  };
  requireRunnable(plan);
  return plan;
};

const sayReasons = (skipped: readonly SkippedDevice[]): string =>
  [...new Set(skipped.map(({ because }) => because))].slice(0, MOST_REASONS).join("; ");

const MOST_REASONS = 3;

const commandsOf = (
  stage: Stage,
  scene: Scene,
  devices: ReadonlyMap<DeviceId, Device>,
  except: readonly DeviceId[],
): readonly PlannedCommand[] =>
  Object.entries(stage.devices)
    .filter(([id]) => !except.includes(id))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, wanted]) => {
      const device = devices.get(id);
      if (device === undefined || !isCommandable(device)) {
        throw new HomeError(
          "SceneInvalid",
          `Scene "${scene.id}" names the device "${id}", which the home does not have${device === undefined ? "" : " as one that can be commanded"}. Nothing was changed.`,
        );
      }
      const want = completeState(wanted, `Scene "${scene.id}", ${id}`);
      const transitionSeconds =
        "light" in want ? (stage.fadeSeconds?.[id] ?? stage.transitionSeconds) : 0;
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
        ...(scene.rules === undefined || scene.rules.retry === "class_default"
          ? {}
          : { tries: scene.rules.retry.tries }),
        ...(device.step === undefined ? {} : { step: device.step }),
      };
    });
