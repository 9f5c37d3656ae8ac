import { type Device, type DeviceId, MAX_WINDOW_SECONDS } from "#domain/home/device.ts";
import type { Scene, Stage } from "#domain/home/scene.ts";
import {
  type DeviceKind,
  defaultWindowSeconds,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { canonicalJson, type Json } from "#domain/json.ts";
import { sha256, toHex } from "#domain/sha256.ts";

/** What one device will be asked. */
export interface PlannedCommand {
  readonly device: DeviceId;
  readonly name: string;
  readonly thing: string;
  readonly kind: DeviceKind;
  readonly want: WantedState;
  /** Unconfirmed, it keeps the later stages from running. */
  readonly required: boolean;
  readonly transitionSeconds: number;
  /** How long the run waits for this device's acknowledgement. */
  readonly windowSeconds: number;
}

export interface PlannedStage {
  readonly index: number;
  readonly name: string;
  readonly commands: readonly PlannedCommand[];
}

/** A scene compiled for one run: nothing is decided later, so its hash says exactly what may be sent. */
export interface Plan {
  readonly scene: string;
  readonly sceneName: string;
  readonly sceneVersion: number;
  readonly stages: readonly PlannedStage[];
  /** Devices of the scene that the caller left out. */
  readonly leftOut: readonly DeviceId[];
}

// Express passes at most 256 KiB from state to state. The plan travels as a text inside the input, and a run's
// conclusion, which holds every device twice, fits as well (test/domain/run/payload-sizes.test.ts).
const MAX_PLAN_BYTES = 62_000;
// Windows may all have to be waited for, one stage after the other, and a run that takes longer than Express lets it
// is cut off without a conclusion.
const MAX_RUN_SECONDS = MAX_WINDOW_SECONDS;

/**
 * Compiles a scene: stages in order, devices by id (a table's maps keep no order, and equal scenes must have equal
 * hashes), without those left out; empty stages fall away.
 * @throws HomeError `PlanEmpty` when nothing is left to do, `PlanTooLarge` above 62 kB, `PlanTooLong` when waiting for silent devices could take more than four minutes, `SceneInvalid` when a device is gone from the home.
 */
export const planScene = (
  scene: Scene,
  devices: readonly Device[],
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
  const plan = {
    scene: scene.id,
    sceneName: scene.name,
    sceneVersion: scene.version,
    stages,
    leftOut: [...new Set(except)].filter((id) => inScene.has(id)).sort(),
  };
  const longest = plan.stages.map((stage) =>
    Math.max(...stage.commands.map((command) => command.windowSeconds)),
  );
  const seconds = longest.reduce((sum, one) => sum + one, 0);
  if (seconds > MAX_RUN_SECONDS) {
    throw new HomeError(
      "PlanTooLong",
      `"${scene.id}" could take ${seconds} s if devices stay silent; a run may take ${MAX_RUN_SECONDS} s. Split the scene or shorten its windows. Nothing was changed.`,
    );
  }
  // As it travels: a text inside a JSON text.
  if (new TextEncoder().encode(JSON.stringify(planText(plan))).length > MAX_PLAN_BYTES) {
    throw new HomeError(
      "PlanTooLarge",
      `The plan of "${scene.id}" is larger than ${MAX_PLAN_BYTES} bytes. Split the scene. Nothing was changed.`,
    );
  }
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
    .map(([id, want]) => {
      const device = devices.find((candidate) => candidate.id === id);
      if (device === undefined) {
        throw new HomeError(
          "SceneInvalid",
          `Scene "${scene.id}" names the device "${id}", which the home does not have. Nothing was changed.`,
        );
      }
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
      };
    });

/** The plan's one text (canonical JSON): what is recorded, handed to the workflow and hashed. */
export const planText = (plan: Plan): string => canonicalJson(plan as unknown as Json);

/** `sha256:` and 64 hexadecimal digits over the plan's text: equal plans have equal hashes, and no others. */
export const planHash = async (plan: Plan): Promise<string> =>
  `sha256:${toHex(await sha256(planText(plan)))}`;

/** Every command of a plan with the stage it belongs to, in order. */
export const plannedCommands = (
  plan: Plan,
): readonly { readonly stage: PlannedStage; readonly command: PlannedCommand }[] =>
  plan.stages.flatMap((stage) => stage.commands.map((command) => ({ stage, command })));
