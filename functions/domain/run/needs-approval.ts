import type { Caller } from "#domain/access/caller.ts";
import type { CoverClass, Device } from "#domain/home/device.ts";
import type { Scene } from "#domain/home/scene.ts";
import type { WantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import type { Plan } from "./plan.ts";

/** A command that only a person may give. */
export interface Approval {
  readonly device: string;
  readonly name: string;
  /** `command` is whatever is asked of a device for which the scene itself wants an approval. */
  readonly what: "unlock" | "disarm" | "open" | "command";
  /** Nobody said what this cover is. */
  readonly isUnsaid: boolean;
}

// Those that Home Assistant lets nobody open by voice without a code, and a cover of which nobody said what it is.
// https://www.home-assistant.io/integrations/google_assistant/#secure-devices
const WAYS_IN: readonly (CoverClass | undefined)[] = ["door", "garage", "gate", undefined];

/**
 * What of a plan lets somebody into the house or makes its alarm deaf, and what its scene wants approved besides, in the
 * order of the plan.
 */
export const needsApproval = (
  plan: Plan,
  devices: readonly Device[],
  { approval = [] }: Pick<Scene, "approval"> = {},
): readonly Approval[] => {
  const classes = new Map(devices.map(({ id, deviceClass }) => [id, deviceClass] as const));
  return plan.stages
    .flatMap(({ commands }) => commands)
    .flatMap(({ device, name, want }) => {
      const covers = classes.get(device);
      const what = dangerOf(want, covers) ?? (approval.includes(device) ? "command" : undefined);
      if (what === undefined) return [];
      return [{ device, name, what, isUnsaid: what === "open" && covers === undefined }];
    });
};

/** How a wish lets somebody into the house or makes its alarm deaf; undefined for one that does not. */
export const dangerOf = (
  want: WantedState,
  covers: CoverClass | undefined,
): Approval["what"] | undefined => {
  if ("lock" in want) return want.lock.locked ? undefined : "unlock";
  if ("alarm" in want) return want.alarm.mode === "disarmed" ? "disarm" : undefined;
  if ("cover" in want) {
    return (want.cover.position ?? 0) > 0 && WAYS_IN.includes(covers) ? "open" : undefined;
  }
  return undefined;
};

/**
 * Promises that a scene may run without a person: a caller without a name of their own is a machine, be it the
 * scheduler or a command.
 * @throws HomeError `SceneNotForSchedules`; `NeedsApproval`, naming each device
 */
export const requireUnattended = (scene: Scene, plan: Plan, devices: readonly Device[]): void => {
  if (scene.schedules === false) {
    throw new HomeError(
      "SceneNotForSchedules",
      `The home does not let "${scene.id}" run by itself; a person who lives there can run it. Nothing was changed.`,
    );
  }
  const approvals = needsApproval(plan, devices, scene);
  if (approvals.length === 0) return;
  const named = approvals.map(({ device, what }) => `${device} (${what})`).join(", ");
  const unsaid = approvals.filter(({ isUnsaid }) => isUnsaid).map(({ device }) => device);
  const hint =
    unsaid.length === 0
      ? ""
      : ` Nobody said yet what cover ${unsaid.join(", ")} is, be it a garage door or a blind: npm run schedule -- settings --cover ${unsaid[0]}=blind.`;
  throw new HomeError(
    "NeedsApproval",
    `"${scene.id}" needs a person's approval for ${named}, so it never runs by itself. Leave that out with "except", use another scene, or let a person run it.${hint} Nothing was changed.`,
  );
};

/** Is nobody there to approve: does a machine call, and not a person? */
export const isUnattended = ({ username }: Caller): boolean => username === undefined;
