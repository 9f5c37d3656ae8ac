import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { type ListFleetRunsCall, listFleetRunsTool } from "./list-fleet-runs.ts";
import type { Tool } from "./tool.ts";
import { readArguments } from "./tool-arguments.ts";

/** The tools of whoever looks after every home. None takes a home. */
export const FLEET_TOOLS: readonly Tool[] = [listFleetRunsTool];

/**
 * Reads the arguments of list_fleet_runs strictly.
 * @throws HomeError `ToolUnknown`, `ArgumentsInvalid`
 */
export const parseFleetCall = (name: string, value: unknown): ListFleetRunsCall => {
  if (name !== listFleetRunsTool.name) {
    throw new HomeError(
      "ToolUnknown",
      `No tool is called ${shown(name)}; known: ${listFleetRunsTool.name}. Nothing was changed.`,
    );
  }
  return listFleetRunsTool.parse(readArguments(listFleetRunsTool, value));
};
