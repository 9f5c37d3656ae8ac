import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable, shown } from "#domain/printable.ts";
import type { ToolProperty } from "./tool-property.ts";

/** Arguments that fit a tool's properties: nothing unknown, nothing missing, nothing empty, nothing of another type. */
export interface ToolArguments {
  /** Of what is given. */
  readonly names: readonly string[];
  /** A text that the tool requires. */
  required(name: string): string;
  text(name: string): string | undefined;
  /** A list of texts; empty where it is not given. */
  texts(name: string): readonly string[];
  /** What refuses the call. */
  wrong(what: string): HomeError;
}

const LONGEST_NAME = 64;
const MOST_DEVICES = 250;

/**
 * Reads a tool's arguments strictly.
 * @throws HomeError `ArgumentsInvalid`, naming the argument and what it must be.
 */
export const readArguments = (
  tool: {
    readonly name: string;
    readonly properties: Readonly<Record<string, ToolProperty>>;
    readonly required: readonly string[];
  },
  value: unknown,
): ToolArguments => {
  const wrong = (what: string): HomeError =>
    new HomeError("ArgumentsInvalid", `${tool.name}: ${what} Nothing was changed.`);
  if (!isObject(value)) throw wrong("the arguments must be an object.");
  const given = new Map<string, string | readonly string[]>();
  for (const [name, argument] of Object.entries(value)) {
    const property = Object.hasOwn(tool.properties, name) ? tool.properties[name] : undefined;
    if (property === undefined) {
      throw wrong(
        `there is no argument ${shown(name)}; there are ${Object.keys(tool.properties).join(", ")}.`,
      );
    }
    given.set(name, readArgument(name, property, argument, wrong));
  }
  const text = (name: string): string | undefined => {
    const argument = given.get(name);
    return typeof argument === "string" ? argument : undefined;
  };
  const required = (name: string): string => {
    const argument = text(name);
    if (argument === undefined) throw wrong(`"${name}" is missing.`);
    return argument;
  };
  for (const name of tool.required) if (!given.has(name)) throw wrong(`"${name}" is missing.`);
  return {
    names: [...given.keys()],
    required,
    text,
    texts: (name) => {
      const argument = given.get(name);
      return typeof argument === "string" || argument === undefined ? [] : argument;
    },
    wrong,
  };
};

const readArgument = (
  name: string,
  property: ToolProperty,
  argument: unknown,
  wrong: (what: string) => HomeError,
): string | readonly string[] => {
  if (property.type === "string") {
    if (typeof argument !== "string") throw wrong(`"${name}" must be a text.`);
    const problem = problemWithText(argument, property.longest ?? LONGEST_NAME, property);
    if (problem !== undefined) throw wrong(`"${name}" ${problem}.`);
    return argument;
  }
  if (!Array.isArray(argument)) throw wrong(`"${name}" must be a list of texts.`);
  if (argument.length > MOST_DEVICES) throw wrong(`"${name}" has more than ${MOST_DEVICES} names.`);
  return argument.map((item: unknown) => {
    if (typeof item !== "string") throw wrong(`"${name}" must be a list of texts.`);
    const problem = problemWithText(item, LONGEST_NAME);
    if (problem !== undefined) throw wrong(`"${name}" has a name that ${problem}.`);
    return item;
  });
};

const problemWithText = (
  text: string,
  longest: number,
  { isDocument }: Pick<ToolProperty, "isDocument"> = {},
): string | undefined => {
  if (text.trim() === "") return "is empty";
  if (text.length > longest) return `is longer than ${longest} characters`;
  return isDocument === true || isPrintable(text)
    ? undefined
    : "has a character that cannot be seen";
};
