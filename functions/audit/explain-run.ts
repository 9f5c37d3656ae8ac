import { readRun } from "#adapters/audit-table.ts";
import { withFoundUndo } from "#adapters/runs/find-undo.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { runTimeline, type TimelineDevice } from "#domain/audit/run-timeline.ts";
import { counted } from "#domain/counted.ts";
import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { isRunId } from "#domain/run/run.ts";
import type { ExplainRunCall } from "#domain/tools/explain-run.ts";

// What fits an answer that a model reads; of a larger run, first what did not simply do as asked. A page asks for all.
const MOST_DEVICES = 50;

/**
 * A run as a timeline.
 * @throws HomeError `RunUnknown`
 */
export const explainRun = async (
  auditTableName: string,
  access: HomeAccess,
  { runId, detail }: ExplainRunCall,
): Promise<unknown> => {
  const records = isRunId(runId) ? await readRun(auditTableName, access, runId) : undefined;
  if (records === undefined) {
    throw new HomeError(
      "RunUnknown",
      `There is no run ${shown(runId)} in ${shown(access.about.name)}. Use a run_id of list_runs. Nothing was changed.`,
    );
  }
  const told = await withFoundUndo(records, (run) => readRun(auditTableName, access, run));
  const { view, stages } = runTimeline(told, Date.now());
  const { request, planHash } = records;
  const all = stages.flatMap(({ name, devices }) => devices.map((device) => ({ name, device })));
  const first = all
    .toSorted((one, other) => Number(one.device.why === "") - Number(other.device.why === ""))
    .slice(0, detail === "full" ? all.length : MOST_DEVICES);
  const left = all.length - first.length;
  return {
    say: view.say,
    run_id: request.id,
    scene: request.scene,
    scene_name: records.plan.sceneName,
    result: view.result,
    requested_at: request.requestedAt,
    requested_by: request.caller.username ?? request.caller.clientId,
    role: request.role,
    client: request.caller.clientId,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    ...(request.visitReason === undefined ? {} : { granted_because: request.visitReason }),
    plan_hash: planHash,
    ...(records.conclusion === undefined ? {} : { finished_at: records.conclusion.finishedAt }),
    devices: all
      .filter((one) => first.includes(one))
      .map(({ name, device }) => shownDevice(name, device)),
    ...(left === 0
      ? {}
      : {
          not_listed: `${counted(left, "device")} that confirmed; "detail":"full" lists every one.`,
        }),
  };
};

/** A device of a run, as an answer tells it. */
export const shownDevice = (stage: string, one: TimelineDevice) => ({
  device: one.device,
  name: one.name,
  stage,
  outcome: one.outcome,
  asked: one.asked,
  ...(one.before === undefined ? {} : { before: one.before }),
  ...(one.after === undefined ? {} : { after: one.after }),
  ...timeOf("asked_at", one.askedAtMs),
  window_seconds: one.windowSeconds,
  ...timeOf("answered_at", one.acknowledgedAtMs),
  ...(one.isLate ? { late: true } : {}),
  ...(one.isWithdrawn ? { withdrawn: true } : {}),
  ...(one.why === "" ? {} : { why: one.why }),
  ...(one.againAtMs.length === 0
    ? {}
    : { reported_again_at: one.againAtMs.map((atMs) => new Date(atMs).toISOString()) }),
});

const timeOf = (name: string, atMs: number | undefined): object =>
  atMs === undefined ? {} : { [name]: new Date(atMs).toISOString() };
