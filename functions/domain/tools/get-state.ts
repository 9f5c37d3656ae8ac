import { NOTICED, type Noticed } from "#domain/look/condition-of.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of get_state. */
export interface GetStateCall {
  readonly tool: "get_state";
  /** Names of devices, rooms, groups, floors or labels; none means the whole home. */
  readonly devices: readonly string[];
  /** Only what is one of these; none means all. */
  readonly only: readonly Noticed[];
}

export const getStateTool: Tool<"get_state", GetStateCall> = {
  name: "get_state",
  scope: "read",
  description:
    'Tells what devices and sensors last reported, how old each value is, and who is offline since when. For "is anything open?" use only. Example: {"devices":["Downstairs"],"only":["open","unlocked"]}',
  properties: {
    devices: {
      type: "array",
      items: { type: "string" },
      description: "Devices, rooms, groups, floors or labels; without it the whole home.",
    },
    only: {
      type: "array",
      items: { type: "string" },
      description: 'Only what is "open", "on", "unlocked" or "offline".',
    },
  },
  required: [],
  annotations: { title: "Show what devices are", ...LOOKS },
  parse: (given) => ({
    tool: "get_state",
    devices: given.texts("devices"),
    only: given.texts("only").map((word) => {
      const noticed = NOTICED.find((one) => one === word.trim().toLowerCase());
      if (noticed !== undefined) return noticed;
      throw given.wrong(`"only" must be a list of ${NOTICED.join(", ")}.`);
    }),
  }),
};
