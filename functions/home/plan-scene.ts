import { counted } from "#domain/counted.ts";
import { describeWantedState } from "#domain/home/vocabulary.ts";
import { preparePlan } from "./prepare-plan.ts";

/** What a run would ask of each device, without asking it. */
export const planScene = async (
  homeTableName: string,
  scene: string,
  except: readonly string[],
) => {
  const { plan, hash } = await preparePlan(homeTableName, scene, except);
  const devices = plan.stages.flatMap((stage) => stage.commands).length;
  return {
    scene: plan.scene,
    plan_hash: hash,
    say: `${plan.sceneName} would ask ${counted(devices, "device")} in ${counted(plan.stages.length, "stage")}. Nothing was sent.`,
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
