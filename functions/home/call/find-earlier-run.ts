import { readRun } from "#adapters/audit-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { isOver, type RunView, runView } from "#domain/audit/run-view.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { type Plan, parameterTexts, plannedCommands, UNSAVED_SCENE } from "#domain/run/plan.ts";
import { awaitEnd } from "./await-end.ts";
import { homeNameIn } from "./home-name.ts";

/** A request that may have been made before. */
export interface RepeatedRequest {
  /** The run that it stands for. */
  readonly run: string;
  /** Absent where the run is one that was claimed for what is asked, by nobody's id. */
  readonly requestId?: string;
  /** Is this the plan of the same request? */
  readonly isSame: (earlier: Plan) => boolean;
}

/** A run that was found instead of begun, and why. */
export type FoundRun = RunView["view"] & { readonly repeated?: string; readonly joined?: string };

/**
 * The result of the run that a repeated request stands for; one that goes on is waited for until `waitUntilMs`, and
 * joined. `undefined` where there is no such run.
 * @throws HomeError `RequestIdReused` when that run was of another request
 */
export const findEarlierRun = async (
  auditTableName: string,
  access: HomeAccess,
  { run, requestId, isSame }: RepeatedRequest,
  waitUntilMs: number,
): Promise<FoundRun | undefined> => {
  const records = await readRun(auditTableName, access, run);
  if (records === undefined) return undefined;
  if (requestId !== undefined && !isSame(records.plan)) {
    throw new HomeError(
      "RequestIdReused",
      `request_id "${requestId}" was used for the run ${run} of "${records.plan.scene}"; use a new one for a new request. Nothing was changed.`,
    );
  }
  if (!isOver(records, Date.now())) return joinRun(auditTableName, access, records, waitUntilMs);
  const { view } = runView(records, Date.now(), homeNameIn(access));
  const ago = agoOf(records.request.requestedAt);
  return requestId === undefined
    ? {
        ...view,
        joined: `The same request ran already, as ${run} ${ago} ago; this is its result. Nothing was sent again.`,
      }
    : {
        ...view,
        repeated: `This request_id already ran as ${run} ${ago} ago; here is its result. Nothing was sent again.`,
      };
};

/** The answer of a run that goes on, at its end or at `waitUntilMs`, to somebody who asked for the same. */
export const joinRun = async (
  auditTableName: string,
  access: HomeAccess,
  running: RunRecords,
  waitUntilMs: number,
): Promise<FoundRun> => {
  const { id, requestedAt } = running.request;
  const joined = `The same request was running already, as ${id} since ${agoOf(requestedAt)}; this is its answer. Nothing was sent again.`;
  const records = await awaitEnd(auditTableName, access, id, waitUntilMs, running);
  return { ...runView(records ?? running, Date.now(), homeNameIn(access)).view, joined };
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
