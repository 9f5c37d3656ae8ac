import { WAIT_AS_THERE, waitIn } from "./scene-arguments.ts";
import type { Tool } from "./tool.ts";

/** A call of undo_run. */
export interface UndoRunCall {
  readonly tool: "undo_run";
  readonly runId: string;
  readonly requestId?: string;
  readonly reason?: string;
  /** How long the caller waits for the end. */
  readonly waitSeconds?: number;
}

export const undoRunTool: Tool<"undo_run", UndoRunCall> = {
  name: "undo_run",
  scope: "write",
  description:
    'Takes a run back: each device that it changed and nobody touched since gets the state it reported before. Never unlocks, opens or disarms. The result is a run\'s, with "left_alone" and why. Example: {"run_id":"run_0123456789abcdefghjk"}',
  properties: {
    run_id: { type: "string", description: "The run_id of the result to take back." },
    request_id: { type: "string", description: "As in run_scene." },
    reason: { type: "string", description: "Why, in the user's words.", longest: 200 },
    wait_s: WAIT_AS_THERE,
  },
  required: ["run_id"],
  annotations: {
    title: "Undo a run",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
  parse: (given) => {
    const requestId = given.text("request_id");
    const reason = given.text("reason");
    return {
      tool: "undo_run",
      runId: given.required("run_id"),
      ...(requestId === undefined ? {} : { requestId }),
      ...(reason === undefined ? {} : { reason }),
      ...waitIn(given),
    };
  },
};
