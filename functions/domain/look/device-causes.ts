import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { RecordedRequest } from "#domain/audit/request-record.ts";
import { describeReported } from "#domain/audit/run-timeline.ts";
import type { Device } from "#domain/home/device.ts";
import { commandableState, isDeviceKind, type ReportedState } from "#domain/home/vocabulary.ts";
import { canonicalJson, type Json } from "#domain/json.ts";
import { UNSAVED_SCENE } from "#domain/run/plan.ts";
import type { DeviceReport } from "./device-report.ts";

/** Why a device became what it is: one change of its state. */
export interface Cause {
  /** ISO 8601. */
  readonly at: string;
  readonly through: "run" | "schedule" | "undo" | "by_hand";
  readonly from: string;
  readonly to: string;
  /** What the run was of, e.g. `goodnight`. */
  readonly scene?: string;
  /** In words; a name only for who may know it. */
  readonly who?: string;
  readonly client?: string;
  readonly reason?: string;
  readonly run_id?: string;
}

/** The reports that changed something, each answer of a run once, newest first. */
export const changesAmong = (
  device: Pick<Device, "kind">,
  reports: readonly DeviceReport[],
): readonly DeviceReport[] => {
  const seen = new Set<string>();
  return reports.filter(({ run, stage, before, after }) => {
    if (before === undefined || textOf(device, before) === textOf(device, after)) return false;
    if (run === undefined) return true;
    const answer = `${run} ${stage ?? ""}`;
    if (seen.has(answer)) return false;
    seen.add(answer);
    return true;
  });
};

/**
 * A change in words, with who asked for it: their name for an operator of the home and for themselves, and to everybody
 * else what they are there, as with list_runs. A run of somebody else's has no id here, because get_run would name them.
 */
export const causeOf = (
  device: Pick<Device, "kind">,
  report: DeviceReport,
  recorded: RecordedRequest | undefined,
  viewer: { readonly caller: Pick<Caller, "sub">; readonly access: HomeAccess },
): Cause => {
  const base = {
    at: new Date(report.atMs).toISOString(),
    from: wordsOf(device, report.before ?? {}),
    to: wordsOf(device, report.after),
  };
  if (report.run === undefined) return { ...base, through: "by_hand" };
  if (recorded === undefined) {
    return { ...base, through: "run", who: "somebody; the request is no longer recorded" };
  }
  const { request, plan } = recorded;
  const through = plan.undoes !== undefined ? "undo" : isScheduled(request) ? "schedule" : "run";
  const isOwn = request.caller.sub === viewer.caller.sub;
  const mayKnow = isOwn || viewer.access.about.role === "operator";
  return {
    ...base,
    through,
    ...(plan.scene === UNSAVED_SCENE ? {} : { scene: plan.scene }),
    who: isOwn ? "you" : mayKnow ? nameOf(request.caller) : inWords(request),
    ...(mayKnow
      ? {
          client: request.caller.clientId,
          ...(request.reason === undefined ? {} : { reason: request.reason }),
          run_id: request.id,
        }
      : {}),
  };
};

/** The newest cause in a sentence, safe to repeat word for word. */
export const sayCause = (name: string, cause: Cause | undefined): string => {
  if (cause === undefined) return `What made ${name} as it is is not recorded.`;
  const { at, through, from, to, scene, who = "" } = cause;
  const became = `${name} became ${to} (before: ${from}) at ${at}`;
  const run = scene === undefined ? "a call of set_devices" : `the scene ${scene}`;
  switch (through) {
    case "by_hand":
      return `${became}, by hand or by itself: no run asked for it.`;
    case "undo":
      return `${became}, because ${who} took back a run of ${run}.`;
    case "schedule":
      return `${became}, because ${who} ran ${run}.`;
    case "run":
      return `${became}, because ${who} ran ${run}.`;
  }
};

const isScheduled = ({ requestId = "", caller }: RecordedRequest["request"]): boolean =>
  caller.username === undefined && requestId.startsWith("schedule ");

const nameOf = ({ username, clientId }: Caller): string => username ?? clientId;

const inWords = (request: RecordedRequest["request"]): string => {
  const { caller, role } = request;
  if (isScheduled(request)) return "a schedule";
  if (caller.username === undefined) return "a machine";
  if (role === "operator") return "an operator";
  return role === "guest" ? "a guest" : "another resident";
};

const stateOf = ({ kind }: Pick<Device, "kind">, reported: ReportedState): ReportedState =>
  isDeviceKind(kind) ? commandableState(kind, reported) : {};

const textOf = (device: Pick<Device, "kind">, reported: ReportedState): string =>
  canonicalJson(stateOf(device, reported) as unknown as Json);

const wordsOf = (device: Pick<Device, "kind">, reported: ReportedState): string => {
  const state = stateOf(device, reported);
  return Object.values(state).every((values) => JSON.stringify(values) === "{}")
    ? "not known"
    : describeReported(state);
};
