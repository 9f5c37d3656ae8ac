import { type HomeId, isHomeId } from "#domain/home/home-id.ts";
import { type HomePlace, type ThingPrefix, thingOf } from "#domain/home/home-place.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { parseSceneRules, type SceneRules } from "#domain/scene/scene-rules.ts";
import type { SentStage } from "./acknowledgement.ts";
import type { Plan, PlannedCommand, PlannedStage } from "./plan.ts";
import type { RunResult } from "./run-result.ts";

// What the state machine run-scene hands to its functions and gets back. The text of the machine and these types must
// agree; test/workflows runs the one against the other.

/** To publish-commands: a batch of one stage's commands. */
export interface PublishInput {
  readonly home: HomeId;
  readonly run: string;
  readonly stage: number;
  readonly commands: readonly PlannedCommand[];
  readonly rules: SceneRules;
  /** When the run was asked for, ISO 8601. */
  readonly requestedAt: string;
  /** Of what is sent again: when the stage first went out. It expires as it would have. */
  readonly beganAtMs?: number;
  /** The run, where the batch is a whole stage of it, and what went out before. */
  readonly whole?: ConcludeInput;
}

/** From publish-commands. */
export interface PublishOutput {
  readonly beganAtMs: number;
  readonly sentAtMs: number;
  readonly notSent: readonly { readonly device: string; readonly reason: string }[];
  /** Where the batch is a whole stage, and all of its devices answered at once. */
  readonly answered?: AnsweredAtOnce;
}

/** Of a stage whose devices answered at once; with the conclusion of its run, where nothing is left to do for that. */
export type AnsweredAtOnce = Omit<AwaitOutput, "again"> & { readonly concluded?: Conclusion };

/** From conclude-run: what the workflow records (in DynamoDB's own notation) and what the caller is told. */
export interface Conclusion {
  readonly record: Readonly<Record<string, unknown>>;
  readonly result: RunResult & {
    /** The hash of the record: evidence in the caller's hands until it is sealed, a minute later. */
    readonly receipt: { readonly record: string };
  };
}

/** To await-acknowledgements: a stage and what was sent of it. */
export interface AwaitInput {
  readonly home: HomeId;
  readonly run: string;
  readonly stage: PlannedStage;
  readonly sent: SentStage;
}

/** From await-acknowledgements. */
export interface AwaitOutput {
  readonly isOver: boolean;
  readonly isGateOpen: boolean;
  /** Whole seconds to wait before asking again; only meant while the stage is not over. */
  readonly waitSeconds: number;
  /** Commands to be sent again, the record to be written before, and what has then gone out of the stage. */
  readonly again?: {
    readonly commands: readonly PlannedCommand[];
    readonly record: Readonly<Record<string, unknown>>;
    readonly sent: SentStage;
  };
}

/** To conclude-run: the whole run. */
export interface ConcludeInput {
  readonly run: {
    readonly id: string;
    readonly requestedAt: string;
    /** What the caller calls the home, where the answer must say it. */
    readonly homeName?: string;
  };
  readonly plan: Plan;
  readonly planHash: string;
  readonly sent: readonly SentStage[];
}

// The state machine is the only caller, and its role the only one that may invoke; so these check what a mistake in
// the machine's text would break, and do not validate the plan again. But no command leaves for a thing of another home
// or stage, whoever asks: a batch with one such command is refused before anything of it is sent.

const wrong = (what: string): HomeError =>
  new HomeError("RecordInvalid", `The workflow's input: ${what}`);

/** Reads the input of publish-commands. @throws HomeError `RecordInvalid` */
export const parsePublishInput = (value: unknown, thingPrefix: ThingPrefix): PublishInput => {
  if (
    !isObject(value) ||
    typeof value.run !== "string" ||
    typeof value.stage !== "number" ||
    !Array.isArray(value.commands) ||
    typeof value.requestedAt !== "string" ||
    !(value.beganAtMs === undefined || typeof value.beganAtMs === "number")
  ) {
    throw wrong("run, requestedAt, stage and a list of commands are needed.");
  }
  const rules = parseSceneRules(value.rules, wrong);
  const { whole, ...batch } = value as unknown as PublishInput;
  const input = { ...batch, rules };
  refuseForeign(placeOf(value.home, thingPrefix), input.commands);
  return isObject(whole) && "plan" in whole
    ? { ...input, whole: parseConcludeInput({ ...whole, home: value.home }, thingPrefix) }
    : input;
};

/** Reads the input of await-acknowledgements. @throws HomeError `RecordInvalid` */
export const parseAwaitInput = (value: unknown, thingPrefix: ThingPrefix): AwaitInput => {
  if (
    !isObject(value) ||
    typeof value.run !== "string" ||
    !isObject(value.stage) ||
    !Array.isArray(value.stage.commands) ||
    !isSentStage(value.sent)
  ) {
    throw wrong("run, a stage with its commands and what was sent are needed.");
  }
  const input = value as unknown as AwaitInput;
  refuseForeign(placeOf(value.home, thingPrefix), input.stage.commands);
  return input;
};

/** Reads the input of conclude-run. @throws HomeError `RecordInvalid` */
export const parseConcludeInput = (value: unknown, thingPrefix: ThingPrefix): ConcludeInput => {
  if (
    !isObject(value) ||
    !isObject(value.run) ||
    typeof value.run.id !== "string" ||
    typeof value.run.requestedAt !== "string" ||
    !(value.run.homeName === undefined || typeof value.run.homeName === "string") ||
    !isObject(value.plan) ||
    !Array.isArray(value.plan.stages) ||
    typeof value.planHash !== "string" ||
    !Array.isArray(value.sent) ||
    !value.sent.every(isSentStage)
  ) {
    throw wrong("run, plan, planHash and the list of sent stages are needed.");
  }
  const input = value as unknown as ConcludeInput;
  if (value.home !== input.plan.home) throw wrong("the plan is of another home.");
  requireOwnThings(input.plan, thingPrefix);
  return input;
};

/** Promises that a plan names things of its own home and of this stage alone. @throws HomeError `RecordInvalid` */
export const requireOwnThings = (plan: Plan, thingPrefix: ThingPrefix): void => {
  const place = placeOf(plan.home, thingPrefix);
  for (const stage of plan.stages) refuseForeign(place, stage.commands);
};

/** To undo-partly-done: a run that was to be done whole or not at all, and was not. */
export interface UndoInput {
  readonly home: HomeId;
  readonly run: string;
}

/** Reads the input of undo-partly-done. @throws HomeError `RecordInvalid` */
export const parseUndoInput = (value: unknown): UndoInput => {
  if (isObject(value) && isHomeId(value.home) && typeof value.run === "string") {
    return { home: value.home, run: value.run };
  }
  throw wrong("a home and a run are needed.");
};

const placeOf = (home: unknown, thingPrefix: ThingPrefix): HomePlace => {
  if (isHomeId(home)) return { home, thingPrefix };
  throw wrong("home must be a home's id.");
};

const refuseForeign = (place: HomePlace, commands: readonly PlannedCommand[]): void => {
  const foreign = commands.find(({ device, thing }) => thing !== thingOf(place, device));
  if (foreign === undefined) return;
  throw wrong(`the thing ${shown(foreign.thing)} is not of ${place.home}. Nothing was sent.`);
};

const isSentStage = (value: unknown): value is SentStage =>
  isObject(value) &&
  typeof value.index === "number" &&
  typeof value.sentAtMs === "number" &&
  Array.isArray(value.notSent);
