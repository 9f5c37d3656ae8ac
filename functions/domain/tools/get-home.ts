import { DETAIL, type Detail, readDetail } from "./detail.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of get_home. */
export interface GetHomeCall {
  readonly tool: "get_home";
  readonly detail: Detail;
}

export const getHomeTool: Tool<"get_home", GetHomeCall> = {
  name: "get_home",
  scope: "read",
  description:
    'Lists rooms, floors, groups, devices and scenes by the names that other tools take; not their states (get_state). "full" adds scenes\' stages, parameters and rules, devices\' aliases, and who looked at the home without living there. Example: {"detail":"brief"}',
  properties: { detail: DETAIL },
  required: [],
  annotations: { title: "Show the home", ...LOOKS },
  parse: (given) => ({ tool: "get_home", detail: readDetail(given) }),
};
