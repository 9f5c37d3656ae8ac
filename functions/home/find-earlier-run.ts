import { setTimeout as pause } from "node:timers/promises";
import { readRun } from "#adapters/audit-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { runView } from "#domain/audit/run-view.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { type Plan, plannedCommands, UNSAVED_SCENE } from "#domain/run/plan.ts";
import { homeNameIn } from "./call/home-name.ts";

// A client that repeats a call wants the result. Half a minute covers everything but slow covers; then it is told
// that the run goes on.
const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;

/**
 * The result of the run that a repeated request id stands for; waits a while for one that is still going on.
 * @throws HomeError `RequestIdReused` when that run was of another scene or left other devices out
 */
export const findEarlierRun = async (
  auditTableName: string,
  access: HomeAccess,
  run: string,
  plan: Plan,
  requestId: string,
): Promise<unknown> => {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const records = await readRun(auditTableName, access, run);
    if (records === undefined) {
      throw new HomeError("RunUnknown", `The run ${run} is recorded, but cannot be found.`);
    }
    const earlier = records.plan;
    const isSame =
      earlier.scene === plan.scene &&
      earlier.undoes === plan.undoes &&
      (plan.scene !== UNSAVED_SCENE || wishesOf(earlier) === wishesOf(plan));
    if (!isSame || earlier.leftOut.join() !== plan.leftOut.join()) {
      throw new HomeError(
        "RequestIdReused",
        `request_id "${requestId}" was used for the run ${run} of "${earlier.scene}"; use a new one for a new request. Nothing was changed.`,
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

// Of a saved scene its name is what was asked for; of an unsaved one each state is.
const wishesOf = (plan: Plan): string =>
  JSON.stringify(
    plannedCommands(plan).map(({ command }) => [command.device, describeWantedState(command.want)]),
  );

const agoOf = (requestedAt: string): string => {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(requestedAt)) / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};
