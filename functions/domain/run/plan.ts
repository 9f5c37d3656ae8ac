import type { FORMAT } from "#domain/format.ts";
import type { DeviceId } from "#domain/home/device.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import type { DeviceKind, Steps, WantedState } from "#domain/home/vocabulary.ts";
import { canonicalJson, type Json } from "#domain/json.ts";
import type { SceneRules } from "#domain/scene/scene-rules.ts";
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
  /** How often it is sent at most while its device keeps silent, where its scene says so. */
  readonly tries?: number;
  /** By field, how coarse the device is, where it is coarser than its kind. */
  readonly step?: Steps;
}

export interface PlannedStage {
  readonly index: number;
  readonly name: string;
  readonly commands: readonly PlannedCommand[];
}

/** A device that a condition left out. */
export interface SkippedDevice {
  readonly device: DeviceId;
  /** e.g. `the sun is up`. */
  readonly because: string;
}

/** What stands in the place of a scene's id where devices were set without one: no id has a `-`. */
export const UNSAVED_SCENE = "set-devices";

/** A scene compiled for one run: nothing is decided later, so its hash says exactly what may be sent. */
export interface Plan {
  /** The format of its text. */
  readonly v: typeof FORMAT;
  /** Whose plan it is, so that equal scenes of two homes have two hashes. */
  readonly home: HomeId;
  readonly scene: string;
  readonly sceneName: string;
  readonly sceneVersion: number;
  readonly stages: readonly PlannedStage[];
  /** Devices of the scene that the caller left out. */
  readonly leftOut: readonly DeviceId[];
  /** The parameters that the caller gave, by name; absent where all took their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Devices that a condition of the scene left out, and why; absent where there are none. */
  readonly skipped?: readonly SkippedDevice[];
  /** How its run behaves, where its scene says so. */
  readonly rules?: SceneRules;
  /** The run that it takes back. */
  readonly undoes?: string;
}

/** The plan's one text (canonical JSON): what is recorded, handed to the workflow and hashed. */
export const planText = (plan: Plan): string => {
  const kept = TEXTS.get(plan);
  if (kept !== undefined) return kept;
  const text = canonicalJson(plan as unknown as Json);
  TEXTS.set(plan, text);
  return text;
};

// A plan never changes, and its text is asked for three times in a run: for its size, its hash and its record.
const TEXTS = new WeakMap<Plan, string>();

/** `sha256:` and 64 hexadecimal digits over the plan's text: equal plans have equal hashes, and no others. */
export const planHash = async (plan: Plan): Promise<string> =>
  `sha256:${toHex(await sha256(planText(plan)))}`;

/** Is this the form of a plan's hash? */
export const isPlanHash = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);

/** Every command of a plan with the stage it belongs to, in order. */
export const plannedCommands = (
  plan: Plan,
): readonly { readonly stage: PlannedStage; readonly command: PlannedCommand }[] =>
  plan.stages.flatMap((stage) => stage.commands.map((command) => ({ stage, command })));

/** The parameters that a plan was given, as a call names them: `level=40`. */
export const parameterTexts = ({ parameters = {} }: Pick<Plan, "parameters">): readonly string[] =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .sort();

/** The devices that a plan asks, each once. */
export const devicesOf = (plan: Plan): readonly DeviceId[] => [
  ...new Set(plannedCommands(plan).map(({ command }) => command.device)),
];
