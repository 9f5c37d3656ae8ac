import type { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable, shown } from "#domain/printable.ts";

/** A value that a scene asks its caller for, and takes its default for otherwise. */
export type Parameter =
  | {
      readonly type: "number";
      readonly min: number;
      readonly max: number;
      readonly default: number;
    }
  | { readonly type: "boolean"; readonly default: boolean }
  | { readonly type: "choice"; readonly among: readonly string[]; readonly default: string };

export type Parameters = Readonly<Record<string, Parameter>>;
export type ParameterValue = number | boolean | string;

export const PARAMETER_NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
export const MAX_PARAMETERS = 20;
const MAX_CHOICES = 50;

type Wrong = (what: string) => HomeError;

/** Reads the parameters of a record or of a definition. @throws the error that `wrong` makes, naming the parameter */
export const parseParameters = (value: unknown, wrong: Wrong): Parameters => {
  if (!isObject(value)) throw wrong("parameters must be an object, each under its name.");
  const entries = Object.entries(value);
  if (entries.length > MAX_PARAMETERS)
    throw wrong(`there are more than ${MAX_PARAMETERS} parameters.`);
  return Object.fromEntries(
    entries.map(([name, one]) => {
      if (!PARAMETER_NAME.test(name) || name.length > 64) {
        throw wrong(`a parameter's name must be lower-case words joined by _; got ${shown(name)}.`);
      }
      return [name, parseParameter(one, (what) => wrong(`parameter ${name}: ${what}`))];
    }),
  );
};

const MEMBERS = {
  number: ["type", "min", "max", "default"],
  boolean: ["type", "default"],
  choice: ["type", "among", "default"],
} as const;

/** Reads one parameter. @throws the error that `wrong` makes */
export const parseParameter = (value: unknown, wrong: Wrong): Parameter => {
  if (!isObject(value)) throw wrong("it must be an object with a type and a default.");
  const { type, min, max, among, default: fallback } = value;
  if (type !== "number" && type !== "boolean" && type !== "choice") {
    throw wrong(`its type must be number, boolean or choice; got ${shown(type)}.`);
  }
  const known: readonly string[] = MEMBERS[type];
  const stranger = Object.keys(value).find((member) => !known.includes(member));
  if (stranger !== undefined) {
    throw wrong(`a ${type} has no ${shown(stranger)}; it has ${known.join(", ")}.`);
  }
  switch (type) {
    case "number": {
      if (!isNumber(min) || !isNumber(max) || min > max) {
        throw wrong("min and max must be numbers, min not above max.");
      }
      return {
        type,
        min,
        max,
        default: numberWithin({ min, max }, fallback, "its default", wrong),
      };
    }
    case "boolean":
      if (typeof fallback !== "boolean") throw wrong("its default must be true or false.");
      return { type, default: fallback };
    case "choice": {
      if (!isChoices(among)) {
        throw wrong(`among must be a list of 1 to ${MAX_CHOICES} texts, each once.`);
      }
      const given = among.find((one) => one === fallback);
      if (given === undefined) throw wrong(`its default must be one of ${among.join(", ")}.`);
      return { type, among, default: given };
    }
  }
};

const numberWithin = (
  { min, max }: { readonly min: number; readonly max: number },
  value: unknown,
  what: string,
  wrong: Wrong,
): number => {
  if (isNumber(value) && value >= min && value <= max) return value;
  throw wrong(`${what} must be a number of ${min}-${max}; got ${shown(value)}.`);
};

const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

const isChoices = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MAX_CHOICES &&
  new Set(value).size === value.length &&
  value.every(
    (one) => typeof one === "string" && one !== "" && one.length <= 64 && isPrintable(one),
  );

/**
 * The value of each parameter: as given, else its default. A number or a boolean may be given as its text.
 * @throws the error that `wrong` makes, naming the parameter and what it may be
 */
export const parameterValues = (
  parameters: Parameters,
  given: Readonly<Record<string, unknown>>,
  wrong: Wrong,
): Readonly<Record<string, ParameterValue>> => {
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (stranger !== undefined) {
    const names = Object.keys(parameters);
    throw wrong(
      `there is no parameter ${shown(stranger)}; ${names.length === 0 ? "it has none" : `it has ${names.join(", ")}`}.`,
    );
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      Object.hasOwn(given, name)
        ? readValue(name, parameter, given[name], wrong)
        : parameter.default,
    ]),
  );
};

const readValue = (
  name: string,
  parameter: Parameter,
  value: unknown,
  wrong: Wrong,
): ParameterValue => {
  switch (parameter.type) {
    case "number": {
      const isText = typeof value === "string" && value.trim() !== "";
      return numberWithin(parameter, isText ? Number(value) : value, name, wrong);
    }
    case "boolean": {
      if (value === true || value === "true") return true;
      if (value === false || value === "false") return false;
      throw wrong(`${name} must be true or false; got ${shown(value)}.`);
    }
    case "choice": {
      const found = parameter.among.find((one) => one === value);
      if (found !== undefined) return found;
      throw wrong(`${name} must be one of ${parameter.among.join(", ")}; got ${shown(value)}.`);
    }
  }
};

/** The values at which a state that holds everywhere between must hold: both ends, or every choice. */
export const extremesOf = (parameter: Parameter): readonly ParameterValue[] => {
  switch (parameter.type) {
    case "number":
      return [parameter.min, parameter.max];
    case "boolean":
      return [true, false];
    case "choice":
      return parameter.among;
  }
};
