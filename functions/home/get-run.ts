import { readRun } from "#adapters/audit-table.ts";
import { withFoundUndo } from "#adapters/runs/find-undo.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { reportedAgain, runView } from "#domain/audit/run-view.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isRunId, runIdFor } from "#domain/run/run.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import { awaitEnd } from "./call/await-end.ts";
import { claimedByRequest } from "./call/claim-request.ts";
import { homeNameIn } from "./call/home-name.ts";

/**
 * How a run fares or fared; one that goes on, at its end or when the caller waits no longer. `full` lists every device.
 * @throws HomeError `RunUnknown`
 */
export const getRun = async (
  tables: { readonly homeTableName: string; readonly auditTableName: string },
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"get_run">,
): Promise<unknown> => {
  const { homeTableName, auditTableName } = tables;
  const waitUntilMs = Date.now() + (call.waitSeconds ?? 0) * 1000;
  const asked = call.runId ?? (await runIdFor(homeOf(access), caller, call.requestId, ""));
  const known = isRunId(asked) ? await readRun(auditTableName, access, asked) : undefined;
  const other =
    known === undefined && call.runId === undefined
      ? await claimedByRequest(homeTableName, access, asked)
      : undefined;
  const id = other ?? asked;
  const records = isRunId(id)
    ? await awaitEnd(auditTableName, access, id, waitUntilMs, known)
    : undefined;
  if (records === undefined) {
    throw new HomeError(
      "RunUnknown",
      call.runId === undefined
        ? `No run of yours is recorded for the request_id "${call.requestId ?? ""}". It may not have started yet: call get_run again in a few seconds, and do not assume that anything changed.`
        : `There is no run "${call.runId}". Use the run_id of a result. Nothing was changed.`,
    );
  }
  const told = await withFoundUndo(records, (run) => readRun(auditTableName, access, run));
  const { view, outcomes } = runView(told, Date.now(), homeNameIn(access));
  if (call.detail === "brief") return view;
  return {
    ...view,
    ...(records.request.reason === undefined ? {} : { reason: records.request.reason }),
    requested_by: records.request.caller.username ?? records.request.caller.clientId,
    every_device: outcomes.map((one) => ({
      device: one.device,
      name: one.name,
      stage: one.stageName,
      asked: describeWantedState(one.asked),
      outcome: one.outcome ?? "waiting",
      ...(one.reason === undefined ? {} : { reason: one.reason }),
      ...(one.acknowledgedAtMs === undefined
        ? {}
        : { acknowledged_at: new Date(one.acknowledgedAtMs).toISOString() }),
      ...again(records, one.device),
    })),
  };
};

const again = (records: RunRecords, device: string): object => {
  const times = reportedAgain(records, device).map(({ acknowledgedAtMs }) =>
    new Date(acknowledgedAtMs).toISOString(),
  );
  return times.length === 0 ? {} : { reported_again_at: times };
};
