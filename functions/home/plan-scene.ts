import type { HomeAccess } from "#domain/access/home-access.ts";
import { counted } from "#domain/counted.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { inHome } from "#domain/run/run-result.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import { homeNameIn } from "./home-name.ts";
import { preparePlan } from "./prepare-plan.ts";

/** What a run would ask of each device, without asking it. */
export const planScene = async (
  homeTableName: string,
  access: HomeAccess,
  call: ToolCall<"plan_scene">,
) => {
  const { plan, hash } = await preparePlan(homeTableName, access, call.scene, call.except);
  const about = homeNameIn(access);
  const devices = plan.stages.flatMap((stage) => stage.commands).length;
  return {
    ...(about.homeName === undefined ? {} : { home: plan.home }),
    scene: plan.scene,
    plan_hash: hash,
    say: inHome(
      about,
      `${plan.sceneName} would ask ${counted(devices, "device")} in ${counted(plan.stages.length, "stage")}. Nothing was sent.`,
    ),
    stages: plan.stages.map((stage) => ({
      name: stage.name,
      devices: stage.commands.map((command) => ({
        device: command.device,
        name: command.name,
        want: describeWantedState(command.want),
        required: command.required,
        window_s: command.windowSeconds,
      })),
    })),
    left_out: plan.leftOut,
  };
};
