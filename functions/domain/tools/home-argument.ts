import type { ToolProperty } from "./tool-property.ts";

/** The argument `home` of every tool that is about one. */
export const HOME: ToolProperty = {
  type: "string",
  description: "If several: name or id. Ask, never guess.",
};
