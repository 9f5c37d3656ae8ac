import { setTimeout as pause } from "node:timers/promises";
import { getShadows } from "#adapters/device-shadows.ts";
import { HomeError } from "#domain/home-error.ts";
import { type Plan, plannedCommands } from "#domain/run/plan.ts";
import { rivalOf } from "#domain/run/plan-preview.ts";

// Of the 60 s that the function has (infra/aws); whoever waits for the run waits so much less.
const PATIENCE_MS = 15_000;
const PAUSE_MS = 500;

/**
 * Promises that no other run waits for a device of the plan, where its scene is not to take their place: `reject` does
 * not begin, `queue` begins when they have their answers. What begins in the same moment is decided by the devices'
 * shadows: the later command stands, and the other run names it.
 * @param own the run that is to begin, which is no rival of itself where the same request began it meanwhile
 * @throws HomeError `RunConflict`, naming the devices and the runs
 */
export const settleConflicts = async (plan: Plan, own: string): Promise<void> => {
  const onConflict = plan.rules?.onConflict;
  if (onConflict !== "reject" && onConflict !== "queue") return;
  const giveUpAtMs = Date.now() + (onConflict === "queue" ? PATIENCE_MS : 0);
  for (;;) {
    const rivals = await rivalsOf(plan, own, Date.now());
    if (rivals.length === 0) return;
    if (Date.now() >= giveUpAtMs) throw conflict(plan, rivals);
    await pause(PAUSE_MS);
  }
};

interface Rival {
  readonly device: string;
  readonly run: string;
}

const rivalsOf = async (plan: Plan, own: string, nowMs: number): Promise<readonly Rival[]> => {
  const commands = plannedCommands(plan).map(({ command }) => command);
  const shadows = await getShadows(commands.map(({ thing }) => thing));
  return commands.flatMap(({ device, thing }) => {
    const run = rivalOf(shadows.get(thing)?.view, nowMs);
    return run === undefined || run === own ? [] : [{ device, run }];
  });
};

const MOST_SAID = 5;

const conflict = (plan: Plan, rivals: readonly Rival[]): HomeError => {
  const named = rivals.slice(0, MOST_SAID).map(({ device, run }) => `${device} (${run})`);
  const more = rivals.length - named.length;
  return new HomeError(
    "RunConflict",
    `"${plan.scene}" does not begin while another run commands its devices: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}. Call get_run for that run, then run_scene again. Nothing was changed.`,
  );
};
