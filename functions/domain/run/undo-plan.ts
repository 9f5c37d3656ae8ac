import { FORMAT } from "#domain/format.ts";
import type { Device } from "#domain/home/device.ts";
import {
  commandableState,
  completeState,
  type DeviceKind,
  parseWantedState,
  type ReportedState,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { canonicalJson, isObject, type Json } from "#domain/json.ts";
import { dangerOf } from "./needs-approval.ts";
import type { DeviceOutcome, ShadowView } from "./outcome.ts";
import { type Plan, type PlannedCommand, plannedCommands } from "./plan.ts";
import { rivalOf } from "./plan-preview.ts";

/** A device that an undo leaves as it is, and why. */
export interface LeftAlone {
  readonly device: string;
  readonly name: string;
  readonly why: string;
}

/** What takes a run back: a plan, where there is anything to do, and what it leaves alone. */
export interface Undo {
  readonly plan?: Plan;
  readonly leftAlone: readonly LeftAlone[];
}

/** What an undo that has begun leaves as it is, where nobody kept why. */
export const leftAloneBy = (undo: Plan, ran: Plan): readonly LeftAlone[] => {
  const takenBack = new Set(plannedCommands(undo).map(({ command }) => command.device));
  return plannedCommands(ran)
    .filter(({ command }) => !takenBack.has(command.device))
    .map(({ command: { device, name } }) => ({ device, name, why: "its undo does not ask it" }));
};

/** A run that ended: what it was to do, and how each device fared. */
export interface EndedRun {
  readonly id: string;
  readonly plan: Plan;
  readonly outcomes: readonly (Omit<DeviceOutcome, "outcome"> & {
    readonly outcome?: DeviceOutcome["outcome"];
  })[];
}

/**
 * What restores the state before a run, by the acknowledgements of its devices: only of those that it changed and that
 * nobody touched since. It never unlocks, opens a way in or disarms.
 * @param shadows of the run's things, by thing, at `nowMs`
 */
export const undoOf = (
  run: EndedRun,
  devices: readonly Device[],
  shadows: ReadonlyMap<string, ShadowView>,
  nowMs: number,
): Undo => {
  const commands: PlannedCommand[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const { command } of plannedCommands(run.plan)) {
    const { device, name } = command;
    const outcome = run.outcomes.find((one) => one.device === device);
    const found = restoring(command, outcome, devices, shadows.get(command.thing), nowMs);
    if ("why" in found) leftAlone.push({ device, name, why: found.why });
    else commands.push({ ...command, want: found.want, required: false });
  }
  if (commands.length === 0) return { leftAlone };
  const { home, scene, sceneName, sceneVersion } = run.plan;
  return {
    plan: {
      v: FORMAT,
      home,
      scene,
      sceneName: `Undo of ${sceneName.replace(/^(Undo of )+/, "")}`,
      sceneVersion,
      stages: [{ index: 0, name: "restore", commands }],
      leftOut: [],
      undoes: run.id,
    },
    leftAlone,
  };
};

const restoring = (
  command: PlannedCommand,
  outcome: EndedRun["outcomes"][number] | undefined,
  devices: readonly Device[],
  shadow: ShadowView | undefined,
  nowMs: number,
): { readonly want: WantedState } | { readonly why: string } => {
  const { device: id, kind } = command;
  const device = devices.find((one) => one.id === id);
  if (device === undefined) return { why: "it is no longer in the home" };
  if (outcome?.outcome === "already_there") return { why: "it was so before the run" };
  if (outcome?.outcome !== "confirmed" && outcome?.outcome !== "confirmed_late") {
    return { why: `the run did not change it for certain (${outcome?.outcome ?? "no answer"})` };
  }
  const { before, after } = outcome;
  if (before === undefined || after === undefined) {
    return { why: "how it was before the run is not known" };
  }
  const rival = rivalOf(shadow, nowMs);
  if (rival !== undefined) return { why: `${rival} wants it now` };
  if (shadow?.reported === undefined) return { why: "how it is now is not known" };
  if (textOf(commandableState(kind, shadow.reported)) !== textOf(after)) {
    return { why: "it was changed since" };
  }
  const want = wantOf(kind, before, after);
  if (want === undefined) return { why: "how it was before the run cannot be asked for" };
  const danger = dangerOf(want, device.deviceClass);
  return danger === undefined ? { want } : { why: `an undo never lets anybody in (${danger})` };
};

// What is off is off, whatever else it remembers.
const OFF: readonly (readonly [string, unknown])[] = [
  ["on", false],
  ["playback", "off"],
  ["mode", "off"],
];

/** A reported state as a wish: the whole of it, or where that contradicts itself what the run changed of it. */
const wantOf = (
  kind: DeviceKind,
  before: ReportedState,
  after: ReportedState,
): WantedState | undefined => {
  const was = before[kind];
  const is = after[kind];
  if (!isObject(was)) return undefined;
  const off = OFF.find(([name, value]) => was[name] === value);
  if (off !== undefined) return asWanted(kind, Object.fromEntries([off]));
  const changed = Object.entries(was).filter(
    ([name, value]) => !isObject(is) || is[name] !== value,
  );
  return asWanted(kind, was) ?? asWanted(kind, Object.fromEntries(changed));
};

const asWanted = (kind: DeviceKind, values: object): WantedState | undefined => {
  try {
    return completeState(parseWantedState(kind, { [kind]: values }, kind), kind);
  } catch (error) {
    // A device may report what nobody can ask for.
    if (error instanceof HomeError) return undefined;
    throw error;
  }
};

const textOf = (state: ReportedState): string => canonicalJson(state as unknown as Json);
