import { readHome } from "#adapters/home-table.ts";
import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { resolveDevices } from "#domain/home/targets.ts";
import { planHash } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { unsavedScene } from "#domain/scene/unsaved/unsaved-scene.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import type { Deployment } from "./call/deployment.ts";
import { deciding } from "./deciding.ts";
import { runPlan } from "./run-plan.ts";

/**
 * Sets devices as a scene that nobody saved would: a run with a plan, approvals, a record, and a way back.
 * @throws HomeError `DeviceUnknown`, `NameAmbiguous`, `StateInvalid`, `SceneInvalid`, `PlanEmpty`; of `runPlan`
 */
export const setDevices = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"set_devices">,
): Promise<unknown> => {
  const { wishes, except } = call;
  const home = await readHome(deployment.homeTableName, access);
  const { scene, plan } = deciding(() => {
    const unsaved = unsavedScene(wishes, home);
    const left = resolveDevices(
      except,
      home,
      'Call set_devices again with one of these names in "except".',
    );
    return { scene: unsaved, plan: planScene(unsaved, home, left) };
  });
  const prepared = {
    plan,
    hash: await planHash(plan),
    scene,
    devices: home.devices,
    approvesOwn: home.approvesOwn === true,
  };
  return runPlan(deployment, caller, access, prepared, {
    ...call,
    again: {
      tool: "set_devices",
      args: { devices: wishes, ...(except.length === 0 ? {} : { except }) },
    },
  });
};
