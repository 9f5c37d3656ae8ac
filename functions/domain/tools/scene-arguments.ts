import { MOST_WAIT_SECONDS } from "#domain/run/waiting.ts";
import type { ToolArguments } from "./tool-arguments.ts";
import type { ToolProperty } from "./tool-property.ts";

/** The argument `scene` of every tool that takes one. */
export const SCENE: ToolProperty = {
  type: "string",
  description: "The scene's name, alias or id.",
};

/** The argument `parameters`. */
export const PARAMETERS: ToolProperty = {
  type: "array",
  items: { type: "string" },
  description: 'Values of the scene\'s parameters, e.g. ["level=40"]. Default: its own.',
};

/** Reads `name=value` texts; without any there is no member. @throws HomeError `ArgumentsInvalid` */
export const parametersIn = (
  given: ToolArguments,
): { readonly parameters?: Readonly<Record<string, string>> } => {
  const texts = given.texts("parameters");
  if (texts.length === 0) return {};
  const entries = texts.map((text) => {
    const [, name, value] = /^ *([^=]+?) *= *(.*?) *$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value] as const;
    throw given.wrong('"parameters" must be texts such as "level=40".');
  });
  return { parameters: Object.fromEntries(entries) };
};

/** The argument `except`. */
export const EXCEPT: ToolProperty = {
  type: "array",
  items: { type: "string" },
  description: "Devices, rooms or groups to leave out.",
};

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
