import type { DeviceInRun, Run, RunsAnswer } from "./answers.ts";
import { type Tone, toneOf } from "./tone.ts";

/** Why a device changed, or was asked to: somebody through a client, a schedule, or a hand at the device. */
export type Cause = "run" | "schedule" | "hand";

/** One thing that happened to a device. */
export interface DeviceEvent {
  readonly cause: Cause;
  /** ISO 8601. */
  readonly at: string;
  readonly tone: Tone;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly run?: Run;
  /** What the run was called when it ran; an undo says what it undid. */
  readonly sceneName?: string;
  readonly inRun?: DeviceInRun;
  readonly tookMs?: number;
}

/** What happened to a device, by runs, by schedules and by hand, the newest first. */
export const deviceEvents = (
  answer: Pick<RunsAnswer, "runs" | "device_in_runs" | "by_hand">,
): readonly DeviceEvent[] => {
  const inRuns = new Map((answer.device_in_runs ?? []).map((one) => [one.run_id, one]));
  const byRun = answer.runs.map((run): DeviceEvent => {
    const inRun = inRuns.get(run.run_id);
    const cause = run.role === "schedules" ? "schedule" : "run";
    if (inRun === undefined) return { cause, at: run.requested_at, tone: "idle", run };
    const took = tookMsOf(inRun);
    return {
      cause,
      at: inRun.answered_at ?? inRun.asked_at ?? run.requested_at,
      tone: toneOf(inRun.outcome),
      before: inRun.before,
      after: inRun.after,
      run,
      inRun,
      ...(inRun.scene_name === undefined ? {} : { sceneName: inRun.scene_name }),
      ...(took === undefined ? {} : { tookMs: took }),
    };
  });
  const byHand = (answer.by_hand ?? []).map(
    (one): DeviceEvent => ({ cause: "hand", tone: "idle", ...one }),
  );
  return [...byRun, ...byHand].toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
};

const tookMsOf = ({ asked_at, answered_at }: DeviceInRun): number | undefined =>
  asked_at === undefined || answered_at === undefined
    ? undefined
    : Math.max(0, Date.parse(answered_at) - Date.parse(asked_at));

/** One answer as a dot: how far along the runs it stands, and how much of its window it took. Both from 0 to 100. */
export interface AnswerDot {
  readonly event: DeviceEvent;
  readonly across: number;
  readonly share: number;
}

/** The answers of a device's runs, the oldest first, each against its window; one without an answer stands at the top. */
export const answerDots = (events: readonly DeviceEvent[]): readonly AnswerDot[] => {
  const asked = events.filter(
    ({ inRun }) => inRun !== undefined && inRun.outcome !== "not_reached",
  );
  const oldestFirst = asked.toReversed();
  return oldestFirst.map((event, at) => {
    const windowMs = (event.inRun?.window_seconds ?? 0) * 1_000;
    const share = event.tookMs === undefined ? 100 : (100 * event.tookMs) / Math.max(1, windowMs);
    return {
      event,
      across: oldestFirst.length === 1 ? 50 : (100 * at) / (oldestFirst.length - 1),
      share: Math.min(100, share),
    };
  });
};

/** The middle one of a device's answer times; undefined without any. */
export const middleAnswerMs = (events: readonly DeviceEvent[]): number | undefined => {
  const times = events
    .flatMap(({ tookMs }) => (tookMs === undefined ? [] : [tookMs]))
    .toSorted((one, other) => one - other);
  return times[Math.floor(times.length / 2)];
};
