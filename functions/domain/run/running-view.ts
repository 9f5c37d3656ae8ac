import { counted } from "#domain/counted.ts";
import type { DeviceOutcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import {
  callIn,
  inHome,
  isInTime,
  listed,
  type Problem,
  problemOf,
  type RunInWords,
} from "./run-result.ts";
import type { Awaited, StillAwaited } from "./still-awaited.ts";
import { MOST_WAIT_SECONDS } from "./waiting.ts";

/** What run_scene and get_run answer while a run goes on. */
export interface RunningView {
  readonly run_id: string;
  /** Only where the caller has several. */
  readonly home?: string;
  readonly scene: string;
  readonly result: "running";
  /** Safe to repeat word for word. */
  readonly say: string;
  readonly devices: number;
  /** So far. */
  readonly acknowledged: number;
  readonly confirmed: number;
  readonly already_there: number;
  readonly still_awaited: readonly StillAwaited[];
  readonly stages_not_reached: readonly string[];
  /** Those that have answered, and not as asked. */
  readonly devices_not_confirmed: readonly Problem[];
  readonly plan_hash: string;
  readonly requested_at: string;
  readonly next: string;
}

type Outcomes = readonly (Omit<DeviceOutcome, "outcome"> & {
  readonly outcome?: DeviceOutcome["outcome"];
})[];

/** The answer of a run that goes on: what is confirmed, what is still awaited, and how to hear of its end. */
export const runningView = (
  run: RunInWords,
  plan: Plan,
  planHash: string,
  outcomes: Outcomes,
  awaited: Awaited,
): RunningView => {
  const answered = outcomes.flatMap(({ outcome, ...one }) =>
    outcome === undefined ? [] : [{ ...one, outcome }],
  );
  const wrong = answered.filter(({ outcome }) => !isInTime(outcome));
  const args = { run_id: run.id, wait_s: MOST_WAIT_SECONDS };
  return {
    run_id: run.id,
    ...(run.homeName === undefined ? {} : { home: plan.home }),
    scene: plan.scene,
    result: "running",
    say: inHome(
      run,
      sayRunning(plan, {
        total: outcomes.length,
        confirmed: answered.length - wrong.length,
        wrong: wrong.map(({ name }) => name),
        awaited,
      }),
    ),
    devices: outcomes.length,
    acknowledged: answered.length,
    confirmed: answered.filter(({ outcome }) => outcome === "confirmed").length,
    already_there: answered.filter(({ outcome }) => outcome === "already_there").length,
    still_awaited: awaited.devices,
    stages_not_reached: awaited.stagesNotReached,
    devices_not_confirmed: wrong.map((one) => problemOf(one, run, plan)),
    plan_hash: planHash,
    requested_at: run.requestedAt,
    next: `Call get_run with ${callIn(run, plan.home, args)}: it answers when the run ends.`,
  };
};

// A sentence is spoken; the whole list stands in still_awaited.
const MOST_SAID = 5;

const sayRunning = (
  plan: Plan,
  so: {
    readonly total: number;
    readonly confirmed: number;
    readonly wrong: readonly string[];
    readonly awaited: Awaited;
  },
): string => {
  const { devices } = so.awaited;
  const named = devices
    .slice(0, MOST_SAID)
    .map(({ name, seconds_left }) => `${name} (up to ${seconds_left} s)`);
  const more = devices.length > MOST_SAID ? ` and ${devices.length - MOST_SAID} more` : "";
  const waits = devices.length === 0 ? "" : `; still waiting for ${named.join(", ")}${more}`;
  const wrong = so.wrong.length === 0 ? "" : ` Not as asked so far: ${listed(so.wrong)}.`;
  return `${plan.sceneName} is still running: ${so.confirmed} of ${counted(so.total, "device")} confirmed so far${waits}.${wrong}`;
};
