import { refuseOtherFormat } from "#domain/format.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { type Device, type DeviceId, isCommandable, isWindow, parseAliases } from "./device.ts";
import { isName } from "./is-name.ts";
import { parseWantedState, type WantedState } from "./vocabulary.ts";

/** One step of a scene: its devices are commanded together, and the next stage starts when all have been heard of. */
export interface Stage {
  /** e.g. `close and lock` */
  readonly name: string;
  readonly devices: Readonly<Record<DeviceId, WantedState>>;
  /** Devices of this stage without whose confirmation the later stages do not run. */
  readonly required: readonly DeviceId[];
  /** How long lights take to fade; 0 is at once. */
  readonly transitionSeconds: number;
  /** Acknowledgement windows of single devices in this scene, in seconds. */
  readonly windowSeconds: Readonly<Record<DeviceId, number>>;
}

/** Wanted device states in stages, under a name. */
export interface Scene {
  /** e.g. `goodnight` */
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Grows by one each time the scene is saved. */
  readonly version: number;
  readonly stages: readonly Stage[];
  /** The home does not let this scene run by itself: only a person may start it. */
  readonly schedules?: false;
}

const ID = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const MAX_STAGES = 10;
/** So that plan and results stay under the 256 KiB that Step Functions passes on. */
export const MAX_DEVICES_IN_SCENE = 200;
const MAX_TRANSITION_SECONDS = 120;
const STAGE_MEMBERS = ["name", "devices", "required", "transitionSeconds", "windowSeconds"];

/**
 * Reads one scene record against the devices of the home: every device known and named once, every wanted state valid.
 * @throws HomeError `FormatUnknown`; `SceneInvalid`, `DeviceUnknown` or `StateInvalid`, naming scene, stage and device.
 */
export const parseScene = (value: unknown, devices: readonly Device[]): Scene => {
  if (!isObject(value)) throw new HomeError("SceneInvalid", "A scene must be an object.");
  const { id, name, version, stages } = value;
  refuseOtherFormat(value, `Scene ${shown(id ?? value)}`);
  const wrong = (what: string): HomeError =>
    new HomeError("SceneInvalid", `Scene ${shown(id ?? value)}: ${what}`);
  if (typeof id !== "string" || !ID.test(id) || id.length > 64) {
    throw wrong("id must be lower-case words joined by _, e.g. movie_night.");
  }
  if (!isName(name)) throw wrong("name must be a text of 1 to 64 characters.");
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    throw wrong("version must be a whole number from 1.");
  }
  if (!Array.isArray(stages) || stages.length === 0 || stages.length > MAX_STAGES) {
    throw wrong(`stages must be a list of 1 to ${MAX_STAGES} stages.`);
  }
  const parsed = stages.map((stage: unknown) => parseStage(stage, devices, id, wrong));
  const all = parsed.flatMap((stage) => Object.keys(stage.devices));
  const twice = all.find((device, index) => all.indexOf(device) !== index);
  if (twice !== undefined) {
    throw wrong(`${twice} stands in two stages; a scene wants one state of each device.`);
  }
  if (all.length > MAX_DEVICES_IN_SCENE) {
    throw wrong(`it has ${all.length} devices; at most ${MAX_DEVICES_IN_SCENE} are allowed.`);
  }
  const { schedules } = value;
  if (schedules !== undefined && typeof schedules !== "boolean") {
    throw wrong("schedules must be true or false.");
  }
  return {
    id,
    name,
    aliases: parseAliases(value.aliases, wrong),
    version,
    stages: parsed,
    ...(schedules === false ? { schedules } : {}),
  };
};

const parseStage = (
  value: unknown,
  devices: readonly Device[],
  scene: string,
  wrong: (what: string) => HomeError,
): Stage => {
  if (!isObject(value)) throw wrong("a stage must be an object.");
  const { name, required = [], transitionSeconds = 0, windowSeconds = {} } = value;
  if (!isName(name)) throw wrong("a stage's name must be a text of 1 to 64 characters.");
  // A misspelt "required" would leave the gate open.
  const stranger = Object.keys(value).find((member) => !STAGE_MEMBERS.includes(member));
  if (stranger !== undefined) {
    throw wrong(
      `stage "${name}" has no member ${shown(stranger)}; it has ${STAGE_MEMBERS.join(", ")}.`,
    );
  }
  if (!isObject(value.devices) || Object.keys(value.devices).length === 0) {
    throw wrong(`stage "${name}" must have devices.`);
  }
  const wanted: Record<DeviceId, WantedState> = {};
  for (const [id, state] of Object.entries(value.devices)) {
    const device = devices.find((candidate) => candidate.id === id);
    if (device === undefined) {
      throw new HomeError(
        "DeviceUnknown",
        `Scene "${scene}", stage "${name}": no device ${shown(id)}.`,
      );
    }
    if (!isCommandable(device)) {
      throw new HomeError(
        "StateInvalid",
        `Scene "${scene}": ${id} is a sensor, which reports and is never commanded.`,
      );
    }
    wanted[id] = parseWantedState(device.kind, state, `Scene "${scene}", ${id}`, device);
  }
  if (
    !Array.isArray(required) ||
    !required.every((id) => typeof id === "string" && Object.hasOwn(wanted, id))
  ) {
    throw wrong(`stage "${name}": required must list devices of this stage.`);
  }
  if (
    typeof transitionSeconds !== "number" ||
    !(transitionSeconds >= 0 && transitionSeconds <= MAX_TRANSITION_SECONDS)
  ) {
    throw wrong(`stage "${name}": transitionSeconds must be 0-${MAX_TRANSITION_SECONDS}.`);
  }
  if (
    !isObject(windowSeconds) ||
    !Object.entries(windowSeconds).every(
      ([id, seconds]) => Object.hasOwn(wanted, id) && isWindow(seconds),
    )
  ) {
    throw wrong(`stage "${name}": windowSeconds must give seconds for devices of this stage.`);
  }
  return {
    name,
    devices: wanted,
    required: required as readonly string[],
    transitionSeconds,
    windowSeconds: windowSeconds as Readonly<Record<DeviceId, number>>,
  };
};
