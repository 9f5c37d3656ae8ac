import type { HomeId } from "#domain/home/home-id.ts";
import { sha256, toBase32 } from "#domain/sha256.ts";
import type { Plan } from "./plan.ts";
import { RUN_ID_DIGITS } from "./run.ts";
import { callIn, type RunEnd } from "./run-result.ts";
import type { LeftAlone } from "./undo-plan.ts";
import { MOST_WAIT_SECONDS } from "./waiting.ts";

/** What became of the undo of a run that was to be done whole or not at all. */
export type Undone =
  | { readonly by: string; readonly leftAlone: readonly LeftAlone[] }
  | { readonly by?: never; readonly leftAlone: readonly LeftAlone[] }
  /** Who ran it may not do so any more, or the home cannot be read. */
  | { readonly refused: string; readonly why: string };

/** The same as an answer about the run tells it. */
export interface UndoneView {
  readonly say: string;
  readonly run_id?: string;
  readonly left_alone?: readonly LeftAlone[];
  readonly error?: { readonly code: string; readonly message: string };
  readonly next?: string;
}

/** The reason that stands in the record of such an undo. */
export const WHOLE_OR_NOT =
  "not everything was as asked, and the scene is done whole or not at all";

/** Is a run that ended so to be taken back by itself? The state machine asks the same. */
export const isUndoneByItself = ({ rules }: Plan, end: RunEnd): boolean =>
  rules?.onPartial === "undo" && end !== "done";

/**
 * The id of the run that takes a run back by itself: a function of that run, so that it is taken back once, and of how many
 * began too late before, each of which is used up and has sent nothing.
 */
export const undoIdOf = async (home: HomeId, run: string, late = 0): Promise<string> => {
  const seed = ["undone", home, run, ...(late === 0 ? [] : [late])];
  return `run_${toBase32(await sha256(JSON.stringify(seed)), RUN_ID_DIGITS)}`;
};

// What hands a run on takes a second; what has left no record after so long was not carried out.
const SOON_MS = 60_000;

/** What is told of the undo of a run that ended at `finishedAt`, by what is recorded of it at `nowMs`. */
export const undoneView = (
  run: { readonly id: string; readonly finishedAt: string; readonly homeName?: string },
  { home, sceneName }: Plan,
  undone: Undone | undefined,
  nowMs: number,
): UndoneView => {
  const call = (args: object): string => callIn(run, home, { ...args });
  if (undone === undefined) {
    return nowMs - Date.parse(run.finishedAt) < SOON_MS
      ? {
          say: "It is about to be taken back.",
          next: `Call get_run with ${call({ run_id: run.id })} again in a few seconds.`,
        }
      : {
          say: "It was not taken back.",
          next: `Call undo_run with ${call({ run_id: run.id })}.`,
        };
  }
  if ("refused" in undone) {
    const { refused: code, why: message } = undone;
    return {
      say: `It could not be taken back: ${message}`,
      error: { code, message },
      next: `Who may switch there takes it back by undo_run with ${call({ run_id: run.id })}.`,
    };
  }
  const { by, leftAlone } = undone;
  if (by === undefined) {
    return { say: `Nothing of ${sceneName} can be taken back.`, left_alone: leftAlone };
  }
  return {
    say: `It is taken back by ${by}.`,
    run_id: by,
    left_alone: leftAlone,
    next: `Call get_run with ${call({ run_id: by, wait_s: MOST_WAIT_SECONDS })} for the result of that.`,
  };
};
