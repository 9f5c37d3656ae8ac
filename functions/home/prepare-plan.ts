import { readHome } from "#adapters/home-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { Device } from "#domain/home/device.ts";
import { resolveName } from "#domain/home/names.ts";
import type { Scene } from "#domain/home/scene.ts";
import { resolveDevices } from "#domain/home/targets.ts";
import { type Plan, planHash } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { settleNow } from "./settle-now.ts";

/** A plan and its hash. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly hash: string;
  readonly scene: Scene;
  /** Of the home. */
  readonly devices: readonly Device[];
  /** The home lets who asked for what needs an approval give it at once. */
  readonly approvesOwn: boolean;
}

/**
 * Resolves the names of a scene and of the devices to leave out, fills in its parameters, judges its conditions as
 * things are now, and compiles the plan.
 * @throws HomeError `SceneUnknown`, `DeviceUnknown` or `NameAmbiguous` with the closest names; `ParameterInvalid`, `PlanEmpty`
 */
export const preparePlan = async (
  homeTableName: string,
  access: HomeAccess,
  call: {
    readonly tool: "plan_scene" | "run_scene";
    readonly scene: string;
    readonly except: readonly string[];
    readonly parameters?: Readonly<Record<string, string>>;
  },
): Promise<PreparedPlan> => {
  const home = await readHome(homeTableName, access);
  const scene = resolveName(call.scene, home.scenes, {
    noun: "scene",
    unknown: "SceneUnknown",
    next: `Call ${call.tool} again with the exact name.`,
  });
  const except = resolveDevices(
    call.except,
    home,
    `Call ${call.tool} again with one of these names in "except".`,
  );
  const settled = await settleNow(scene, home, call.parameters ?? {});
  const plan = planScene(settled.scene, home, except, settled.skipped, settled.given);
  return {
    plan,
    hash: await planHash(plan),
    scene,
    devices: home.devices,
    approvesOwn: home.approvesOwn === true,
  };
};
