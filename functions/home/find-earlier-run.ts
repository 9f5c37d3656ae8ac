import { setTimeout as pause } from "node:timers/promises";
import { readRun } from "#adapters/audit-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { type RunView, runView } from "#domain/audit/run-view.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { type Plan, parameterTexts, plannedCommands, UNSAVED_SCENE } from "#domain/run/plan.ts";
import { homeNameIn } from "./call/home-name.ts";

// A client that repeats a call wants the result. Half a minute covers everything but slow covers; then it is told
// that the run goes on.
const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;

/** A request that may have been made before. */
export interface RepeatedRequest {
  /** The run that its id stands for. */
  readonly run: string;
  readonly requestId: string;
  /** Is this the plan of the same request? */
  readonly isSame: (earlier: Plan) => boolean;
}

/**
 * The result of the run that a repeated request id stands for; waits a while for one that is still going on.
 * `undefined` where there is no such run.
 * @throws HomeError `RequestIdReused` when that run was of another request
 */
export const findEarlierRun = async (
  auditTableName: string,
  access: HomeAccess,
  { run, requestId, isSame }: RepeatedRequest,
): Promise<(RunView["view"] & { readonly repeated: string }) | undefined> => {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const records = await readRun(auditTableName, access, run);
    if (records === undefined) return undefined;
    if (!isSame(records.plan)) {
      throw new HomeError(
        "RequestIdReused",
        `request_id "${requestId}" was used for the run ${run} of "${records.plan.scene}"; use a new one for a new request. Nothing was changed.`,
      );
    }
    const { view } = runView(records, Date.now(), homeNameIn(access));
    if (view.result !== "running" || performance.now() >= giveUpAtMs) {
      return {
        ...view,
        repeated: `This request_id already ran as ${run} ${agoOf(records.request.requestedAt)} ago; here is its result. Nothing was sent again.`,
      };
    }
    await pause(PAUSE_MS);
  }
};

/**
 * Does a plan come of the same request as another? What is settled anew at each call (conditions, versions, what an
 * undo finds changed since) may be otherwise.
 */
export const isSameRequest = (plan: Plan, earlier: Plan): boolean => {
  if (plan.undoes !== undefined) return earlier.undoes === plan.undoes;
  return (
    earlier.undoes === undefined &&
    earlier.scene === plan.scene &&
    parameterTexts(earlier).join() === parameterTexts(plan).join() &&
    earlier.leftOut.join() === plan.leftOut.join() &&
    (plan.scene !== UNSAVED_SCENE || wishesOf(earlier) === wishesOf(plan))
  );
};

// Of a saved scene its name is what was asked for; of an unsaved one each state is.
const wishesOf = (plan: Plan): string =>
  JSON.stringify(
    plannedCommands(plan).map(({ command }) => [command.device, describeWantedState(command.want)]),
  );

const agoOf = (requestedAt: string): string => {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(requestedAt)) / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};
