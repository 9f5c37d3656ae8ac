import type { ToolProperty } from "./tool-property.ts";

/** The argument `scene` of every tool that takes one. */
export const SCENE: ToolProperty = {
  type: "string",
  description: "The scene's name or alias; case and spaces do not matter.",
};

/** The argument `except`. */
export const EXCEPT: ToolProperty = {
  type: "array",
  items: { type: "string" },
  description: 'Devices to leave out, by name or id, e.g. ["Hall lamp"].',
};
