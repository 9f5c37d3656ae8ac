import { requiredVariable } from "#adapters/environment.ts";
import { logger, observed } from "#adapters/observed.ts";
import { type Caller, requireScope } from "#domain/access/caller.ts";
import { HomeError } from "#domain/home-error.ts";
import { parseToolCall, type ToolCall, type ToolName, toolNamed } from "#domain/tools/tools.ts";
import { parseGatewayCall } from "./gateway-call.ts";
import { getHome } from "./get-home.ts";
import { getRun } from "./get-run.ts";
import { planScene } from "./plan-scene.ts";
import { type Deployment, runScene } from "./run-scene.ts";

const deployment: Deployment = {
  homeTableName: requiredVariable("HOME_TABLE_NAME"),
  auditTableName: requiredVariable("AUDIT_TABLE_NAME"),
  runSceneStateMachineArn: requiredVariable("RUN_SCENE_STATE_MACHINE_ARN"),
};

/** An expected refusal, in the tool's own answer: the gateway hides what a function throws. */
export interface ToolError {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly closest?: readonly string[];
  };
}

/** The Lambda target `home`: one household's tools. */
export const handler = observed(async (event, context): Promise<unknown> => {
  try {
    const { tool, caller } = parseGatewayCall(context);
    requireScope(caller, toolNamed(tool).scope, tool);
    return await answer(parseToolCall(tool, event), caller);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    logger.info("A call was refused", { code: error.code });
    return toToolError(error);
  }
});

const ANSWERS: {
  readonly [Name in ToolName]: (call: ToolCall<Name>, caller: Caller) => Promise<unknown>;
} = {
  get_home: ({ detail }) => getHome(deployment.homeTableName, detail),
  plan_scene: ({ scene, except }) => planScene(deployment.homeTableName, scene, except),
  run_scene: (call, caller) => runScene(deployment, caller, call),
  get_run: (call, caller) => getRun(deployment.auditTableName, caller, call),
};

const answer = <Name extends ToolName>(call: ToolCall<Name>, caller: Caller): Promise<unknown> =>
  ANSWERS[call.tool](call, caller);

const toToolError = (error: HomeError): ToolError => ({
  error: {
    code: error.code,
    message: error.message,
    ...(error.closest.length === 0 ? {} : { closest: error.closest }),
  },
});
