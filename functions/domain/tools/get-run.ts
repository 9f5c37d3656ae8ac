import { DETAIL, type Detail, readDetail } from "./detail.ts";
import { WAIT_FOR_END, waitIn } from "./scene-arguments.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of get_run: with one of the two ids. */
export interface GetRunCall {
  readonly tool: "get_run";
  readonly runId?: string;
  readonly requestId?: string;
  readonly detail: Detail;
  /** How long the caller waits for the end. */
  readonly waitSeconds?: number;
}

export const getRunTool: Tool<"get_run", GetRunCall> = {
  name: "get_run",
  scope: "read",
  description:
    'Tells how a run fares or fared, late answers too. Give run_id, or your request_id. "full" lists every device. Example: {"run_id":"run_0123456789abcdefghjk","detail":"full"}',
  properties: {
    run_id: { type: "string", description: "The run_id of a result." },
    request_id: { type: "string", description: "The request_id of your own call." },
    detail: DETAIL,
    wait_s: WAIT_FOR_END,
  },
  required: [],
  annotations: { title: "Show a run", ...LOOKS },
  parse: (given) => {
    const runId = given.text("run_id");
    const requestId = given.text("request_id");
    if ((runId === undefined) === (requestId === undefined)) {
      throw given.wrong('give either "run_id" or "request_id".');
    }
    return {
      tool: "get_run",
      ...(runId === undefined ? {} : { runId }),
      ...(requestId === undefined ? {} : { requestId }),
      detail: readDetail(given),
      ...waitIn(given),
    };
  },
};
