import type { Scope } from "#domain/access/caller.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable, shown } from "#domain/printable.ts";
import type { ObjectItems, ToolProperty } from "./tool-property.ts";

/** Arguments that fit a tool's properties: nothing missing, nothing of another type. */
export interface ToolArguments {
  /** Of what is given. */
  readonly names: readonly string[];
  /** What there is no argument for, of a tool on whose answer nothing depends. */
  readonly ignored: readonly string[];
  /** A text that the tool requires. */
  required(name: string): string;
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  /** A list of texts; empty where it is not given. */
  texts(name: string): readonly string[];
  /** A list of objects, their texts checked; empty where it is not given. */
  objects(name: string): readonly Members[];
  /** What refuses the call, with an example of one that is right. */
  wrong(what: string): HomeError;
}

/** Of a tool, what its arguments are read by. */
interface ReadTool {
  readonly name: string;
  readonly description: string;
  readonly scope: Scope;
  readonly shownTo?: "operators";
  readonly properties: Readonly<Record<string, ToolProperty>>;
  readonly required: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;
type Wrong = ToolArguments["wrong"];
type Reading =
  | { readonly text: string }
  | { readonly integer: number }
  | { readonly texts: readonly string[] }
  | { readonly objects: readonly Members[] };

const LONGEST_NAME = 64;
const LONGEST_OBJECT = 1_000;
const MOST_DEVICES = 250;

/**
 * Reads a tool's arguments as models send them: null or "" is absent, and a list may be its JSON text or its one item.
 * What there is no argument for is passed over where the tool only looks, because whatever it was to mean, nothing
 * happens; where the tool changes something, or tells operators what a filter let through, it is refused.
 * @throws HomeError `ArgumentsInvalid`, naming the argument and what it must be, with an example.
 */
export const readArguments = (tool: ReadTool, value: unknown): ToolArguments => {
  const example = exampleIn(tool.description);
  const wrong: Wrong = (what) =>
    new HomeError(
      "ArgumentsInvalid",
      `${tool.name}: ${what}${example === undefined ? "" : ` Example: ${example}.`} Nothing was changed.`,
    );
  if (!isObject(value)) throw wrong("the arguments must be an object.");
  const isLenient = tool.scope === "read" && tool.shownTo === undefined;
  const given = new Map<string, Reading>();
  const ignored: string[] = [];
  for (const [name, argument] of Object.entries(value)) {
    if (isAbsent(argument)) continue;
    const property = Object.hasOwn(tool.properties, name) ? tool.properties[name] : undefined;
    if (property !== undefined) given.set(name, readArgument(name, property, argument, wrong));
    else if (isLenient) ignored.push(name);
    else {
      throw wrong(
        `there is no argument ${shown(name)}; there are ${Object.keys(tool.properties).join(", ")}. Leave it out, or say it in one of those.`,
      );
    }
  }
  const text = (name: string): string | undefined => {
    const argument = given.get(name);
    return argument !== undefined && "text" in argument ? argument.text : undefined;
  };
  const required = (name: string): string => {
    const argument = text(name);
    if (argument === undefined) throw wrong(`"${name}" is missing.`);
    return argument;
  };
  for (const name of tool.required) if (!given.has(name)) throw wrong(`"${name}" is missing.`);
  return {
    names: [...given.keys()],
    ignored,
    required,
    text,
    integer: (name) => {
      const argument = given.get(name);
      return argument !== undefined && "integer" in argument ? argument.integer : undefined;
    },
    texts: (name) => {
      const argument = given.get(name);
      return argument !== undefined && "texts" in argument ? argument.texts : [];
    },
    objects: (name) => {
      const argument = given.get(name);
      return argument !== undefined && "objects" in argument ? argument.objects : [];
    },
    wrong,
  };
};

/** What an answer says of arguments that there are not; nothing where all were known. */
export const ignoredArguments = (
  { name, properties }: Pick<ReadTool, "name" | "properties">,
  ignored: readonly string[],
): { readonly ignored_arguments?: string } =>
  ignored.length === 0
    ? {}
    : {
        ignored_arguments: `${name} has no argument ${ignored.map(shown).join(", ")}; it has ${Object.keys(properties).join(", ")}. Ignored.`,
      };

/** The call that a tool's description gives as an example. */
export const exampleIn = (description: string): string | undefined =>
  / Example: (\{.*\})$/.exec(description)?.[1];

const isAbsent = (argument: unknown): boolean =>
  argument === null ||
  argument === undefined ||
  (typeof argument === "string" && argument.trim() === "");

const readArgument = (
  name: string,
  property: ToolProperty,
  argument: unknown,
  wrong: Wrong,
): Reading => {
  if (property.type === "string") {
    if (typeof argument !== "string")
      throw wrong(`"${name}" must be a text; got ${shown(argument)}.`);
    const problem = problemWithText(argument, property.longest ?? LONGEST_NAME, property);
    if (problem !== undefined) throw wrong(`"${name}" ${problem}.`);
    return { text: argument };
  }
  if (property.type === "integer") {
    const integer = integerOf(argument);
    if (integer === undefined) {
      throw wrong(`"${name}" must be a whole number; got ${shown(argument)}.`);
    }
    return { integer };
  }
  const items = listOf(argument);
  const isOfObjects = property.items?.type === "object";
  const must = `"${name}" must be a list of ${isOfObjects ? "objects" : "texts"}`;
  if (items === undefined) throw wrong(`${must}; got ${shown(argument)}.`);
  if (items.length > MOST_DEVICES) throw wrong(`"${name}" has more than ${MOST_DEVICES} items.`);
  if (property.items?.type === "object") {
    const of = property.items;
    return { objects: items.map((item) => readObject(name, of, item, wrong)) };
  }
  return {
    texts: items.map((item) => {
      if (typeof item !== "string") throw wrong(`${must}; got ${shown(item)} in it.`);
      const problem = problemWithText(item, LONGEST_NAME);
      if (problem !== undefined) throw wrong(`"${name}" has a name that ${problem}.`);
      return item;
    }),
  };
};

// A number, or its digits as a text.
const integerOf = (argument: unknown): number | undefined => {
  const isDigits = typeof argument === "string" && /^ *-?\d{1,9} *$/.test(argument);
  const number = isDigits ? Number(argument) : argument;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
};

// A list, its JSON text, or its one item.
const listOf = (argument: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(argument)) {
    const items: readonly unknown[] = argument;
    return items;
  }
  if (isObject(argument)) return [argument];
  if (typeof argument !== "string") return undefined;
  const text = argument.trim();
  if (!text.startsWith("[")) return [argument];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    // Neither a list nor, with that bracket, anybody's name.
    return undefined;
  }
};

const readObject = (name: string, of: ObjectItems, item: unknown, wrong: Wrong): Members => {
  const value = typeof item === "string" ? parsedObject(item) : item;
  const keys = Object.keys(of.properties).join(", ");
  if (!isObject(value)) {
    throw wrong(`each item of "${name}" must be an object with ${keys}; got ${shown(item)}.`);
  }
  if (JSON.stringify(value).length > LONGEST_OBJECT) {
    throw wrong(`an item of "${name}" is longer than ${LONGEST_OBJECT} characters.`);
  }
  for (const [member, { type }] of Object.entries(of.properties)) {
    const said = value[member];
    if (isAbsent(said)) {
      if (!of.required.includes(member) || type === "object") continue;
      throw wrong(`an item of "${name}" has no "${member}".`);
    }
    if (type === "object") continue;
    if (typeof said !== "string")
      throw wrong(`"${member}" in "${name}" must be a text; got ${shown(said)}.`);
    const problem = problemWithText(said, LONGEST_NAME);
    if (problem !== undefined) throw wrong(`"${member}" in "${name}" ${problem}.`);
  }
  return value;
};

const parsedObject = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // It is what it is: no object.
    return text;
  }
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
