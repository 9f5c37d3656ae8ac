import { MOST_WAIT_SECONDS } from "#domain/run/waiting.ts";
import type { ToolArguments } from "./tool-arguments.ts";
import type { ToolProperty } from "./tool-property.ts";

/** The argument `wait_s` of the tools that start a run: the first of them explains it to the others. */
export const WAIT: ToolProperty = {
  type: "integer",
  description: "Seconds to wait, 0 to 45 (20).",
};
export const WAIT_AS_THERE: ToolProperty = { type: "integer", description: "As in run_scene." };

/** The same of a look. */
export const WAIT_FOR_END: ToolProperty = {
  type: "integer",
  description: "Seconds to wait; 0 to 45.",
};

/** Reads `wait_s`; where it is not said there is no member. @throws HomeError `ArgumentsInvalid` */
export const waitIn = (given: ToolArguments): { readonly waitSeconds?: number } => {
  const seconds = given.integer("wait_s");
  if (seconds === undefined) return {};
  if (seconds >= 0 && seconds <= MOST_WAIT_SECONDS) return { waitSeconds: seconds };
  throw given.wrong(
    `"wait_s" must be whole seconds from 0 to ${MOST_WAIT_SECONDS}; got ${seconds}.`,
  );
};
