import { readRun } from "#adapters/audit-table.ts";
import { findUndo } from "#adapters/runs/find-undo.ts";
import { readUndo } from "#adapters/runs/read-undo.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { isOver } from "#domain/audit/run-view.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { type Plan, planHash } from "#domain/run/plan.ts";
import { requireRunnable } from "#domain/run/plan-limits.ts";
import { isRunId, runIdFor } from "#domain/run/run.ts";
import { callIn, inHome } from "#domain/run/run-result.ts";
import { DEFAULT_WAIT_SECONDS } from "#domain/run/waiting.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import { claimedByRequest, claimRequest } from "./call/claim-request.ts";
import { claimedUndo } from "./call/claim-undo.ts";
import type { Deployment } from "./call/deployment.ts";
import { findEarlierRun, joinRun } from "./call/find-earlier-run.ts";
import { homeNameIn } from "./call/home-name.ts";
import { startRun } from "./start-run.ts";

/**
 * Takes a run back, by a run of its own: what it changed and nobody touched since is put back to what its devices
 * reported before; the rest is left alone, and why is said. A request id that was used before finds that undo, whoever
 * asked for it, and so does whoever asks while one goes on: a run is taken back by one run at a time.
 * @throws HomeError `RunUnknown`, `RequestIdReused`, `RunGoesOn`; of `startRun`
 */
export const undoRun = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"undo_run">,
): Promise<unknown> => {
  const about = homeNameIn(access);
  const home = homeOf(access);
  const records = isRunId(call.runId)
    ? await readRun(deployment.auditTableName, access, call.runId)
    : undefined;
  if (records === undefined) {
    throw new HomeError(
      "RunUnknown",
      `There is no run "${call.runId}". Use the run_id of a result. Nothing was changed.`,
    );
  }
  const { requestId } = call;
  const waitUntilMs = Date.now() + (call.waitSeconds ?? DEFAULT_WAIT_SECONDS) * 1000;
  const asked = requestId === undefined ? undefined : await runIdFor(home, caller, requestId, "");
  const { homeTableName, auditTableName } = deployment;
  const isSame = (plan: Plan): boolean => plan.undoes === call.runId;
  const byItself = await findUndo(records, (run) => readRun(auditTableName, access, run));
  if (requestId !== undefined && asked !== undefined) {
    // Before anything is judged anew: what the undo put back is by now "changed since".
    const begun = byItself?.begun?.request;
    const isOwn = begun?.requestId === requestId && begun.caller.sub === caller.sub;
    const find = (run: string) =>
      findEarlierRun(auditTableName, access, { run, requestId, isSame }, waitUntilMs);
    const own = await find(isOwn ? begun.id : asked);
    if (own !== undefined) return { ...own, undoes: call.runId };
    const other = await claimedByRequest(homeTableName, access, asked);
    const earlier = other === undefined ? undefined : await find(other);
    if (earlier !== undefined) return { ...earlier, undoes: call.runId };
  }
  const nowMs = Date.now();
  if (!isOver(records, nowMs)) {
    throw new HomeError(
      "RunGoesOn",
      `The run ${call.runId} is still going on. Call get_run with ${callIn(about, home, { run_id: call.runId })} until it has ended. Nothing was changed.`,
    );
  }
  const { id, running } = await claimedUndo(deployment, caller, access, call.runId, {
    ...(byItself === undefined ? {} : { byItself }),
    ...(asked === undefined ? {} : { asked }),
  });
  const run = running?.request.id ?? id;
  if (asked !== undefined && run !== undefined && run !== asked) {
    // Before anything begins: who gets no answer finds that run by the request id.
    await claimRequest(homeTableName, access, asked, run);
  }
  if (running !== undefined) {
    const found = await joinRun(auditTableName, access, running, waitUntilMs);
    return { ...found, undoes: call.runId };
  }
  const { plan, leftAlone } = await readUndo(homeTableName, access, records, nowMs);
  // What somebody else has begun meanwhile under the same id looks as if it had been changed since.
  const begun = await findEarlierRun(auditTableName, access, { run: id, isSame }, waitUntilMs);
  if (begun !== undefined) return { ...begun, undoes: call.runId };
  if (plan === undefined) {
    return {
      ...(about.homeName === undefined ? {} : { home }),
      result: "nothing_to_undo",
      undoes: call.runId,
      say: inHome(
        about,
        `Nothing of ${records.plan.sceneName} can be taken back. Nothing was changed.`,
      ),
      left_alone: leftAlone,
    };
  }
  requireRunnable(plan);
  const result = await startRun(
    deployment,
    caller,
    access,
    {
      id,
      plan,
      hash: await planHash(plan),
      // Reading the shadows may have taken its time; a run that begins long after it was asked for sends nothing.
      requestedAtMs: Date.now(),
      ...(call.reason === undefined ? {} : { reason: call.reason }),
      ...(requestId === undefined ? {} : { requestId }),
    },
    waitUntilMs,
  );
  if (!isObject(result)) return result;
  // Of a run that was found instead, what it left alone is its own.
  const isFound = result.joined !== undefined || result.repeated !== undefined;
  return { ...result, undoes: call.runId, ...(isFound ? {} : { left_alone: leftAlone }) };
};
