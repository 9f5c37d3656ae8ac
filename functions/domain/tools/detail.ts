import type { ToolArguments } from "./tool-arguments.ts";
import type { ToolProperty } from "./tool-property.ts";

/** How much an answer tells. */
export type Detail = "brief" | "full";

/** The argument `detail`. */
export const DETAIL: ToolProperty = {
  type: "string",
  description: '"brief" (default) or "full".',
};

/** @throws HomeError `ArgumentsInvalid` for any other word */
export const readDetail = (given: ToolArguments): Detail => {
  const detail = given.text("detail")?.trim().toLowerCase() ?? "brief";
  if (detail !== "brief" && detail !== "full") {
    throw given.wrong('"detail" must be "brief" or "full".');
  }
  return detail;
};
