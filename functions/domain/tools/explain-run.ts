import { type Detail, MORE, readDetail } from "./detail.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of explain_run. */
export interface ExplainRunCall {
  readonly tool: "explain_run";
  readonly runId: string;
  /** Full: every device, however many there are. */
  readonly detail: Detail;
}

export const explainRunTool: Tool<"explain_run", ExplainRunCall> = {
  name: "explain_run",
  scope: "read",
  shownTo: "operators",
  description:
    'Only for operators: who asked for a run and why; each device: when asked and answered, its window, state before and after, and why. The look is recorded. Example: {"run_id":"run_0123456789abcdefghjk"}',
  properties: {
    run_id: { type: "string", description: "The run_id of a result." },
    detail: MORE,
  },
  required: ["run_id"],
  annotations: { title: "Explain a run", ...LOOKS },
  parse: (given) => ({
    tool: "explain_run",
    runId: given.required("run_id"),
    detail: readDetail(given),
  }),
};
