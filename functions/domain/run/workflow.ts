import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { SentStage } from "./acknowledgement.ts";
import type { Plan, PlannedCommand, PlannedStage } from "./plan.ts";

// What the state machine run-scene hands to its functions and gets back. The text of the machine and these types must
// agree; test/workflows runs the one against the other.

/** To publish-commands: a batch of one stage's commands. */
export interface PublishInput {
  readonly run: string;
  readonly stage: number;
  readonly commands: readonly PlannedCommand[];
}

/** From publish-commands. */
export interface PublishOutput {
  readonly sentAtMs: number;
  readonly notSent: readonly { readonly device: string; readonly reason: string }[];
}

/** To await-acknowledgements: a stage and what was sent of it. */
export interface AwaitInput {
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
}

/** To conclude-run: the whole run. */
export interface ConcludeInput {
  readonly run: { readonly id: string; readonly requestedAt: string };
  readonly plan: Plan;
  readonly planHash: string;
  readonly sent: readonly SentStage[];
}

// The state machine is the only caller, and its role the only one that may invoke; so these check what a mistake in
// the machine's text would break, and do not validate the plan again.

const wrong = (what: string): HomeError =>
  new HomeError("RecordInvalid", `The workflow's input: ${what}`);

/** Reads the input of publish-commands. @throws HomeError `RecordInvalid` */
export const parsePublishInput = (value: unknown): PublishInput => {
  if (
    !isObject(value) ||
    typeof value.run !== "string" ||
    typeof value.stage !== "number" ||
    !Array.isArray(value.commands)
  ) {
    throw wrong("run, stage and a list of commands are needed.");
  }
  return value as unknown as PublishInput;
};

/** Reads the input of await-acknowledgements. @throws HomeError `RecordInvalid` */
export const parseAwaitInput = (value: unknown): AwaitInput => {
  if (
    !isObject(value) ||
    typeof value.run !== "string" ||
    !isObject(value.stage) ||
    !Array.isArray(value.stage.commands) ||
    !isSentStage(value.sent)
  ) {
    throw wrong("run, a stage with its commands and what was sent are needed.");
  }
  return value as unknown as AwaitInput;
};

/** Reads the input of conclude-run. @throws HomeError `RecordInvalid` */
export const parseConcludeInput = (value: unknown): ConcludeInput => {
  if (
    !isObject(value) ||
    !isObject(value.run) ||
    typeof value.run.id !== "string" ||
    typeof value.run.requestedAt !== "string" ||
    !isObject(value.plan) ||
    !Array.isArray(value.plan.stages) ||
    typeof value.planHash !== "string" ||
    !Array.isArray(value.sent) ||
    !value.sent.every(isSentStage)
  ) {
    throw wrong("run, plan, planHash and the list of sent stages are needed.");
  }
  return value as unknown as ConcludeInput;
};

const isSentStage = (value: unknown): value is SentStage =>
  isObject(value) &&
  typeof value.index === "number" &&
  typeof value.sentAtMs === "number" &&
  Array.isArray(value.notSent);
