import { requiredVariable } from "#adapters/environment.ts";
import { type GatewayCall, parseGatewayCall } from "#adapters/gateway-call.ts";
import { readMemberships } from "#adapters/home-table.ts";
import { logger, observed } from "#adapters/observed.ts";
import { primeTable } from "#adapters/priming/prime-table.ts";
import { recordRefusal } from "#adapters/record-refusal.ts";
import { type Caller, requireScope } from "#domain/access/caller.ts";
import { accessTo, type HomeAccess, homeOf, requireRight } from "#domain/access/home-access.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { ignoredArguments } from "#domain/tools/tool-arguments.ts";
import { toToolError } from "#domain/tools/tool-error.ts";
import { parseToolCall, type ToolCall, type ToolName, toolNamed } from "#domain/tools/tools.ts";
import type { Deployment } from "./call/deployment.ts";
import { noteVisit } from "./call/note-visit.ts";
import { getHome } from "./get-home.ts";
import { getRun } from "./get-run.ts";
import { getState } from "./get-state.ts";
import { planScene } from "./plan-scene.ts";
import { runScene } from "./run-scene.ts";
import type { SchedulesDeployment } from "./schedule-desk.ts";

const deployment: Deployment = {
  homeTableName: requiredVariable("HOME_TABLE_NAME"),
  auditTableName: requiredVariable("AUDIT_TABLE_NAME"),
  runSceneStateMachineArn: requiredVariable("RUN_SCENE_STATE_MACHINE_ARN"),
};
await primeTable(deployment.homeTableName);

/** The Lambda target `home`: the household's tools, each call in the one home that is the caller's and is meant. */
export const handler = observed(async (event, context): Promise<unknown> => {
  let asked: GatewayCall | undefined;
  let access: HomeAccess | undefined;
  try {
    asked = parseGatewayCall(context);
    const { tool, caller } = asked;
    const { scope } = toolNamed(tool);
    requireScope(caller, scope, tool);
    const call = parseToolCall(tool, event);
    const memberships = await readMemberships(deployment.homeTableName, caller.sub);
    access = accessTo(memberships, call.home);
    requireRight(access, caller, scope, tool);
    await noteVisit(deployment.auditTableName, access, caller, call);
    const said = await answer(call, caller, access);
    return isObject(said)
      ? { ...said, ...ignoredArguments(toolNamed(tool), call.ignored ?? []) }
      : said;
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    logger.info("A call was refused", { code: error.code });
    await recordRefusal(deployment.auditTableName, asked?.caller, {
      tool: asked?.tool ?? "",
      code: error.code,
      ...(access === undefined ? {} : { home: homeOf(access) }),
      at: new Date().toISOString(),
    });
    return toToolError(error);
  }
});

// What runs a scene and tells of it is loaded at the start. The others are loaded by their first call: no cold start of a
// run pays for the language of scenes, the calendar and the scheduler.
const ANSWERS: {
  readonly [Name in ToolName]: (
    call: ToolCall<Name>,
    caller: Caller,
    access: HomeAccess,
  ) => Promise<unknown>;
} = {
  get_home: ({ detail }, _, access) => getHome(deployment, access, detail),
  get_state: (call, _, access) => getState(deployment.homeTableName, access, call),
  plan_scene: (call, caller, access) => planScene(deployment, caller, access, call),
  run_scene: (call, caller, access) => runScene(deployment, caller, access, call),
  set_devices: async (call, caller, access) =>
    (await import("./set-devices.ts")).setDevices(deployment, caller, access, call),
  get_run: (call, caller, access) => getRun(deployment, caller, access, call),
  undo_run: async (call, caller, access) =>
    (await import("./undo-run.ts")).undoRun(deployment, caller, access, call),
  save_scene: async (call, caller, access) =>
    (await import("./save-scene.ts")).saveScene(deployment, caller, access, call),
  explain_device: async (call, caller, access) =>
    (await import("./explain-device.ts")).explainDevice(deployment, caller, access, call),
  schedule_scene: async (call, caller, access) =>
    (await import("./schedule-scene.ts")).scheduleScene(await schedules(), caller, access, call),
};

const schedules = async (): Promise<SchedulesDeployment> => {
  const { stageScheduler } = await import("#adapters/schedules-client.ts");
  const { homeTableName, auditTableName } = deployment;
  return { homeTableName, auditTableName, scheduler: stageScheduler() };
};

const answer = <Name extends ToolName>(
  call: ToolCall<Name>,
  caller: Caller,
  access: HomeAccess,
): Promise<unknown> => ANSWERS[call.tool](call, caller, access);
