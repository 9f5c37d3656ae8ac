import { readHome } from "#adapters/home-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { Device } from "#domain/home/device.ts";
import { resolveName } from "#domain/home/names.ts";
import type { Scene } from "#domain/home/scene.ts";
import { resolveDevices } from "#domain/home/targets.ts";
import { type Plan, planHash } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";

/** A plan and its hash. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly hash: string;
  readonly scene: Scene;
  /** Of the home. */
  readonly devices: readonly Device[];
}

/**
 * Resolves the names of a scene and of the devices to leave out, and compiles the plan.
 * @throws HomeError `SceneUnknown`, `DeviceUnknown` or `NameAmbiguous` with the closest names; `PlanEmpty`
 */
export const preparePlan = async (
  homeTableName: string,
  access: HomeAccess,
  sceneName: string,
  exceptNames: readonly string[],
): Promise<PreparedPlan> => {
  const home = await readHome(homeTableName, access);
  const scene = resolveName(sceneName, home.scenes, {
    noun: "scene",
    unknown: "SceneUnknown",
    next: "Call again with one of these names.",
  });
  const except = resolveDevices(
    exceptNames,
    home,
    'Call again with one of these names in "except".',
  );
  const plan = planScene(scene, home, except);
  return { plan, hash: await planHash(plan), scene, devices: home.devices };
};
