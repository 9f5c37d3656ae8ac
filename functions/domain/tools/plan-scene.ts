import { EXCEPT, PARAMETERS, parametersIn, SCENE } from "./scene-arguments.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of plan_scene. */
export interface PlanSceneCall {
  readonly tool: "plan_scene";
  readonly scene: string;
  readonly except: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
}

export const planSceneTool: Tool<"plan_scene", PlanSceneCall> = {
  name: "plan_scene",
  scope: "read",
  description:
    'Dry run: says what run_scene would ask of each device, stage by stage, what is already so, who is offline, conflicts, what needs approval, and the plan_hash to run exactly that. Sends nothing. Example: {"scene":"goodnight","except":["Hall lamp"]}',
  properties: { scene: SCENE, except: EXCEPT, parameters: PARAMETERS },
  required: ["scene"],
  annotations: { title: "Plan a scene", ...LOOKS },
  parse: (given) => ({
    tool: "plan_scene",
    scene: given.required("scene"),
    except: given.texts("except"),
    ...parametersIn(given),
  }),
};
