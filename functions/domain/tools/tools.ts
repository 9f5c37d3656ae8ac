import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { type ExplainDeviceCall, explainDeviceTool } from "./explain-device.ts";
import { type GetHomeCall, getHomeTool } from "./get-home.ts";
import { type GetRunCall, getRunTool } from "./get-run.ts";
import { type GetStateCall, getStateTool } from "./get-state.ts";
import { HOME } from "./home-argument.ts";
import { type PlanSceneCall, planSceneTool } from "./plan-scene.ts";
import { type RunSceneCall, runSceneTool } from "./run-scene.ts";
import { type SaveSceneCall, saveSceneTool } from "./save-scene.ts";
import { type ScheduleSceneCall, scheduleSceneTool } from "./schedule-scene.ts";
import { type SetDevicesCall, setDevicesTool } from "./set-devices.ts";
import type { Tool } from "./tool.ts";
import { readArguments } from "./tool-arguments.ts";
import { type UndoRunCall, undoRunTool } from "./undo-run.ts";

/** What each tool is called with, read and checked. */
interface Calls {
  readonly get_home: GetHomeCall;
  readonly get_state: GetStateCall;
  readonly plan_scene: PlanSceneCall;
  readonly run_scene: RunSceneCall;
  readonly set_devices: SetDevicesCall;
  readonly get_run: GetRunCall;
  readonly undo_run: UndoRunCall;
  readonly save_scene: SaveSceneCall;
  readonly explain_device: ExplainDeviceCall;
  readonly schedule_scene: ScheduleSceneCall;
}

export type ToolName = keyof Calls;

/** A call of one of these tools; of any where none is named. */
export type ToolCall<Name extends ToolName = ToolName> = {
  [Each in Name]: Calls[Each] & {
    readonly tool: Each;
    /** Which of the caller's homes, as they call it. */
    readonly home?: string;
    /** Arguments that the tool has not, and that it passed over. */
    readonly ignored?: readonly string[];
  };
}[Name];

// In the order in which they are listed.
const BY_NAME: { readonly [Name in ToolName]: Tool<Name, Calls[Name]> } = {
  get_home: getHomeTool,
  get_state: getStateTool,
  plan_scene: planSceneTool,
  run_scene: runSceneTool,
  set_devices: setDevicesTool,
  get_run: getRunTool,
  undo_run: undoRunTool,
  save_scene: saveSceneTool,
  explain_device: explainDeviceTool,
  schedule_scene: scheduleSceneTool,
};

/** The household's tools, in the order in which they are listed. Each takes a home. */
export const TOOLS: readonly Tool<ToolName, ToolCall>[] = Object.values(BY_NAME).map((tool) => ({
  ...tool,
  properties: { ...tool.properties, home: HOME },
}));

/** The tool of that name. @throws HomeError `ToolUnknown` with the known ones. */
export const toolNamed = (name: string): Tool<ToolName, ToolCall> => {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) {
    throw new HomeError(
      "ToolUnknown",
      `No tool is called ${shown(name)}; known: ${TOOLS.map((one) => one.name).join(", ")}. Nothing was changed.`,
    );
  }
  return tool;
};

/**
 * Reads a tool's arguments, as `readArguments` does.
 * @throws HomeError `ToolUnknown`; `ArgumentsInvalid`, naming the argument and what it must be.
 */
export const parseToolCall = (name: string, value: unknown): ToolCall => {
  const tool = toolNamed(name);
  const given = readArguments(tool, value);
  const home = given.text("home");
  return {
    ...tool.parse(given),
    ...(home === undefined ? {} : { home }),
    ...(given.ignored.length === 0 ? {} : { ignored: given.ignored }),
  };
};
