import { isAsWanted, type ReportedState } from "#domain/home/vocabulary.ts";
import type { OnConflict } from "#domain/scene/scene-rules.ts";
import type { PlannedCommand } from "./plan.ts";

/** What a device reported without a command: somebody switched it by hand, or it did so by itself. */
export interface HandChange {
  readonly thing: string;
  /** When the rule saw it, epoch milliseconds. */
  readonly atMs: number;
  readonly after: ReportedState;
}

/** The reason of a device that somebody wanted otherwise while its run was going on. */
export const BY_HAND = "BY_HAND";

/** Does a run of these rules leave a device to whoever switches it meanwhile? */
export const yieldsToHand = (onConflict: OnConflict | undefined): boolean =>
  onConflict === "yield_to_manual";

/** What somebody made of a device since a moment, if that is not what a command wants of it; the last time counts. */
export const takenByHand = (
  { thing, want, step }: Pick<PlannedCommand, "thing" | "want" | "step">,
  changes: readonly HandChange[],
  sinceMs: number,
): HandChange | undefined => {
  const last = changes.findLast((one) => one.thing === thing && one.atMs >= sinceMs);
  return last === undefined || isAsWanted(want, last.after, step) ? undefined : last;
};
