import { refuseOtherFormat } from "#domain/format.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { type Condition, parseCondition } from "#domain/scene/condition.ts";
import { type Parameters, parseParameters } from "#domain/scene/parameter.ts";
import { isDefault, parseSceneRules, type SceneRules } from "#domain/scene/scene-rules.ts";
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
  /** Fades of single lights, where they differ from the stage's. */
  readonly fadeSeconds?: Readonly<Record<DeviceId, number>>;
  /** Without it the stage is skipped. */
  readonly when?: Condition;
  /** Conditions of single devices. */
  readonly deviceWhen?: Readonly<Record<DeviceId, Condition>>;
  /** By device and field, the parameter whose value it takes; `devices` holds the defaults. */
  readonly fromParameters?: Readonly<Record<DeviceId, Readonly<Record<string, string>>>>;
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
  /** Where they are not the default ones. */
  readonly rules?: SceneRules;
  /** What a caller may say; absent where there is nothing. */
  readonly parameters?: Parameters;
  /** Devices that need a person's approval whatever is asked of them. */
  readonly approval?: readonly DeviceId[];
}

const ID = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
/** Stages wait for one another, and a run has five minutes. */
export const MAX_STAGES = 10;
/** So that plan and results stay under the 256 KiB that Step Functions passes on. */
export const MAX_DEVICES_IN_SCENE = 200;
/** How long a light may take to fade. */
export const MAX_TRANSITION_SECONDS = 120;
const STAGE_MEMBERS = [
  ...["name", "devices", "required", "transitionSeconds", "windowSeconds"],
  ...["fadeSeconds", "when", "deviceWhen", "fromParameters"],
];

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
  const rules = value.rules === undefined ? undefined : parseSceneRules(value.rules, wrong);
  return {
    id,
    name,
    aliases: parseAliases(value.aliases, wrong),
    version,
    stages: parsed,
    ...(schedules === false ? { schedules } : {}),
    ...(rules === undefined || isDefault(rules) ? {} : { rules }),
    ...(value.parameters === undefined
      ? {}
      : { parameters: parseParameters(value.parameters, wrong) }),
    ...(value.approval === undefined
      ? {}
      : {
          approval: parseDevicesOf(value.approval, all, () =>
            wrong("approval must list devices of it."),
          ),
        }),
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
  const known = Object.keys(wanted);
  const needed = parseDevicesOf(required, known, () =>
    wrong(`stage "${name}": required must list devices of this stage.`),
  );
  if (!isFade(transitionSeconds)) {
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
    required: needed,
    transitionSeconds,
    windowSeconds: windowSeconds as Readonly<Record<DeviceId, number>>,
    ...parseStageOptions(value, known, (what) => wrong(`stage "${name}" ${what}`)),
  };
};

const parseStageOptions = (
  { fadeSeconds, when, deviceWhen, fromParameters }: Readonly<Record<string, unknown>>,
  devices: readonly DeviceId[],
  wrong: (what: string) => HomeError,
): Pick<Stage, "fadeSeconds" | "when" | "deviceWhen" | "fromParameters"> => ({
  ...(fadeSeconds === undefined
    ? {}
    : {
        fadeSeconds: byDevice(fadeSeconds, devices, "fadeSeconds", wrong, (seconds) => {
          if (isFade(seconds)) return seconds;
          throw wrong(`has a fade that is not of 0-${MAX_TRANSITION_SECONDS} s.`);
        }),
      }),
  ...(when === undefined ? {} : { when: parseCondition(when, wrong) }),
  ...(deviceWhen === undefined
    ? {}
    : {
        deviceWhen: byDevice(deviceWhen, devices, "deviceWhen", wrong, (condition) =>
          parseCondition(condition, wrong),
        ),
      }),
  ...(fromParameters === undefined
    ? {}
    : {
        fromParameters: byDevice(fromParameters, devices, "fromParameters", wrong, (fields) => {
          if (isTexts(fields)) return fields;
          throw wrong("has fromParameters that name no parameter.");
        }),
      }),
});

const byDevice = <T>(
  value: unknown,
  devices: readonly DeviceId[],
  member: string,
  wrong: (what: string) => HomeError,
  read: (one: unknown) => T,
): Readonly<Record<DeviceId, T>> => {
  if (!isObject(value) || Object.keys(value).some((id) => !devices.includes(id))) {
    throw wrong(`has ${member} of devices that it has not.`);
  }
  return Object.fromEntries(Object.entries(value).map(([id, one]) => [id, read(one)]));
};

const isFade = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= MAX_TRANSITION_SECONDS;

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((one) => typeof one === "string");

const parseDevicesOf = (
  value: unknown,
  devices: readonly DeviceId[],
  wrong: () => HomeError,
): readonly DeviceId[] => {
  if (!Array.isArray(value)) throw wrong();
  return value.map((id: unknown) => {
    const found = devices.find((one) => one === id);
    if (found === undefined) throw wrong();
    return found;
  });
};
