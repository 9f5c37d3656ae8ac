import { CAPABILITIES, describeWantedState, isDeviceKind } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { BY_HAND } from "#domain/run/by-hand.ts";
import {
  CONNECTED,
  type DeviceOutcome,
  NOT_CONCLUDED,
  NOT_RECORDED,
  NOT_WITHDRAWN,
  REPORTED_OTHERWISE,
  SINCE,
  UNREACHABLE,
} from "#domain/run/outcome.ts";
import type { RunRecords } from "./run-records.ts";
import { type RunView, reportedAgain, runView } from "./run-view.ts";

/** What a run was for one device. Times are epoch milliseconds. */
export interface TimelineDevice {
  readonly device: string;
  readonly name: string;
  readonly outcome: DeviceOutcome["outcome"] | "waiting";
  readonly asked: string;
  readonly before?: string;
  readonly after?: string;
  readonly askedAtMs?: number;
  readonly windowSeconds: number;
  readonly acknowledgedAtMs?: number;
  /** It answered when its window was over. */
  readonly isLate: boolean;
  /** The run took its command back, when its window was over. */
  readonly isWithdrawn: boolean;
  /** What else there is to say; empty where it simply did as asked. */
  readonly why: string;
  /** When it reported the same command again. */
  readonly againAtMs: readonly number[];
}

/** A stage of a run, in the plan's order. */
export interface TimelineStage {
  readonly name: string;
  readonly devices: readonly TimelineDevice[];
}

/** How a run went, stage by stage and device by device, as it stands at `nowMs`. */
export interface RunTimeline {
  readonly view: RunView["view"];
  readonly stages: readonly TimelineStage[];
}

/** Puts a run's records in order. */
export const runTimeline = (records: RunRecords, nowMs: number): RunTimeline => {
  const { view, outcomes } = runView(records, nowMs);
  const asConcluded = new Map(
    (records.conclusion?.outcomes ?? []).map((one) => [`${one.stage} ${one.device}`, one]),
  );
  return {
    view,
    stages: stagesOf(outcomes, (one) => {
      const concluded = asConcluded.get(`${one.stage} ${one.device}`);
      const askedAtMs = one.askedAtMs ?? askedAtOf(records, one);
      return {
        ...one,
        ...(askedAtMs === undefined ? {} : { askedAtMs }),
        isWithdrawn: concluded !== undefined && isWithdrawn(concluded),
        againAtMs: reportedAgain(records, one.device).map((each) => each.acknowledgedAtMs),
      };
    }),
  };
};

/** The same of an outcome alone, whose request's record is no more. */
export const outcomeTimeline = (outcomes: readonly DeviceOutcome[]): readonly TimelineStage[] =>
  stagesOf(outcomes, (one) => ({
    ...one,
    isWithdrawn: one.outcome !== undefined && isWithdrawn({ ...one, outcome: one.outcome }),
    againAtMs: [],
  }));

type Seen = RunView["outcomes"][number];
type Known = Seen & { readonly isWithdrawn: boolean; readonly againAtMs: readonly number[] };

const stagesOf = (
  outcomes: readonly Seen[],
  know: (one: Seen) => Known,
): readonly TimelineStage[] => {
  const stages = new Map<number, { name: string; devices: TimelineDevice[] }>();
  for (const one of outcomes) {
    const stage = stages.get(one.stage) ?? { name: one.stageName, devices: [] };
    stages.set(one.stage, stage);
    stage.devices.push(deviceOf(know(one)));
  }
  return [...stages].toSorted(([one], [other]) => one - other).map(([, stage]) => stage);
};

const deviceOf = (one: Known): TimelineDevice => {
  const { device, name, windowSeconds, askedAtMs, acknowledgedAtMs, isWithdrawn, againAtMs } = one;
  const closesAtMs = askedAtMs === undefined ? undefined : askedAtMs + windowSeconds * 1000;
  return {
    device,
    name,
    outcome: one.outcome ?? "waiting",
    asked: describeWantedState(one.asked),
    ...(one.before === undefined ? {} : { before: describeReported(one.before) }),
    ...(one.after === undefined ? {} : { after: describeReported(one.after) }),
    ...(askedAtMs === undefined ? {} : { askedAtMs }),
    windowSeconds,
    ...(acknowledgedAtMs === undefined ? {} : { acknowledgedAtMs }),
    isLate:
      one.outcome === "confirmed_late" ||
      (closesAtMs !== undefined && acknowledgedAtMs !== undefined && acknowledgedAtMs > closesAtMs),
    isWithdrawn,
    why: whyOf(one),
    againAtMs,
  };
};

// Of a run that goes on no outcome tells when a command was sent; its shadow does, in whole seconds.
const askedAtOf = ({ plan, acknowledgements }: RunRecords, one: Seen): number | undefined => {
  const things = plan.stages.flatMap(({ commands }) =>
    commands.filter(({ device }) => device === one.device).map(({ thing }) => thing),
  );
  return acknowledgements.find(({ thing }) => things.includes(thing))?.askedAtMs;
};

// Whatever did not answer in its window is withdrawn when the run is concluded, unless its reason says otherwise.
const isWithdrawn = ({ outcome, reason }: DeviceOutcome): boolean =>
  outcome === "offline" ||
  (outcome === "timed_out" && (reason === undefined || reason === CONNECTED));

const whyOf = ({ outcome, reason, windowSeconds, isWithdrawn: taken }: Known): string => {
  const withdrawn = taken ? "; its command was withdrawn" : "";
  if (outcome === undefined) return "has not answered yet";
  switch (outcome) {
    case "confirmed":
      return "";
    case "already_there":
      return "was so already";
    case "did_not_stay":
      return "did so, and did not stay so";
    case "confirmed_late":
      return `answered after its ${windowSeconds} s${withdrawn}`;
    case "refused":
      return reason === REPORTED_OTHERWISE
        ? "says that it did, but reports another state"
        : `refused: ${reason ?? "no reason given"}`;
    case "timed_out":
      return timedOut(reason, windowSeconds, withdrawn);
    case "offline":
      if (reason === UNREACHABLE) return "its hub cannot reach it";
      return `offline${reason?.startsWith(SINCE) === true ? ` since ${reason.slice(SINCE.length)}` : ""}, no answer within ${windowSeconds} s${withdrawn}`;
    case "superseded":
      return reason === BY_HAND
        ? "somebody switched it meanwhile"
        : `another command took its place${reason === undefined ? "" : `: ${reason}`}`;
    case "skipped_by_condition":
      return "skipped by a condition";
    case "not_reached":
      return "nothing was sent: a gate stopped the run before it";
    case "not_sent":
      return `could not be sent${reason === undefined ? "" : `: ${reason}`}`;
    case "needs_approval":
      return "needs an approval";
  }
};

const timedOut = (reason: string | undefined, seconds: number, withdrawn: string): string => {
  if (reason === NOT_RECORDED) return `answered, but its answer was not recorded in ${seconds} s`;
  const silent = `no answer within ${seconds} s${reason === CONNECTED ? ", though connected" : ""}`;
  if (reason === NOT_WITHDRAWN) return `${silent}; its command could not be taken back`;
  return reason === NOT_CONCLUDED ? "nobody judged it: the run broke off" : `${silent}${withdrawn}`;
};

/** A reported state in a few words: the values that can be commanded, e.g. `off, brightness 0 %`; else its JSON. */
export const describeReported = (reported: Readonly<Record<string, unknown>>): string => {
  const parts = Object.entries(reported).flatMap(([kind, values]) => {
    if (!isDeviceKind(kind) || !isObject(values)) return [];
    const { fields, describe } = CAPABILITIES[kind];
    const plain = Object.entries(values).flatMap(([name, value]) =>
      Object.hasOwn(fields, name) &&
      (typeof value === "boolean" || typeof value === "number" || typeof value === "string")
        ? [[name, value] as const]
        : [],
    );
    return [describe(Object.fromEntries(plain))];
  });
  const text = parts.filter((part) => part !== "").join(", ");
  return text === "" ? JSON.stringify(reported) : text;
};
