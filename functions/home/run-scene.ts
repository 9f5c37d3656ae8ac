import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { parameterTexts } from "#domain/run/plan.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import type { Deployment } from "./call/deployment.ts";
import { preparePlan } from "./prepare-plan.ts";
import { runPlan } from "./run-plan.ts";

/**
 * Runs a scene, to its end if the caller waits so long. With a plan's hash exactly that plan runs, or nothing.
 * @throws HomeError of `preparePlan` and `runPlan`
 */
export const runScene = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"run_scene">,
): Promise<unknown> => {
  const prepared = await preparePlan(deployment.homeTableName, access, call);
  const { scene, leftOut } = prepared.plan;
  const given = parameterTexts(prepared.plan);
  return runPlan(deployment, caller, access, prepared, {
    ...call,
    again: {
      tool: "run_scene",
      args: {
        scene,
        ...(given.length === 0 ? {} : { parameters: given }),
        ...(leftOut.length === 0 ? {} : { except: leftOut }),
      },
    },
  });
};
