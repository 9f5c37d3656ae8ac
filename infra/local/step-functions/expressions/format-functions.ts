// JSONata's $formatNumber and $formatInteger, without what no process survives of them in version 2.0.6.
import jsonata from "jsonata";
import { type Environment, isInWorker } from "./evaluation-limits.ts";
import { TooHeavy } from "./guarded-reg-exp.ts";
import { JsonataError } from "./jsonata-error.ts";

/** What JSONata gives a function as `this`. */
interface Focus {
  readonly environment: Environment;
}

const NUMBER = jsonata("$formatNumber($value, $picture, $options)");
const INTEGER = jsonata("$formatInteger($value, $picture)");

/**
 * $formatNumber. A sub-picture without any active character, on which JSONata's own trips over itself, is refused for
 * the reason that AWS gives.
 */
export function formatNumber(
  this: Focus,
  value: number | undefined,
  picture: string | undefined,
  options: Readonly<Record<string, unknown>> | undefined,
): unknown {
  if (value === undefined || picture === undefined) return undefined;
  const marks = marksOf(options);
  // Zero, what is negative and what is infinite never gets a mantissa: the search for one goes on for ever.
  if (picture.includes(marks.exponent) && !(value > 0 && Number.isFinite(value))) {
    refuseOutsideWorker(this, "$formatNumber with an exponent");
  }
  return format(value, picture, options, marks);
}

const format = async (
  value: number,
  picture: string,
  options: Readonly<Record<string, unknown>> | undefined,
  marks: Marks,
): Promise<unknown> => {
  const pictures = marks.pattern === "" ? [picture] : picture.split(marks.pattern);
  if (pictures.length <= 2) {
    for (const [index, one] of pictures.entries()) {
      const fault = faultOf(one, marks);
      // JSONata has the message of each code.
      if (fault !== undefined) throw new JsonataError(fault, "");
      // The first one's own faults come before those of the second.
      if (index === 0) await NUMBER.evaluate(undefined, { value: 1, picture: one, options });
    }
  }
  return NUMBER.evaluate(undefined, { value, picture, options });
};

/** $formatInteger. */
export function formatInteger(
  this: Focus,
  value: number | undefined,
  picture: string | undefined,
): unknown {
  if (value === undefined || picture === undefined) return undefined;
  // Letters and words of what is infinite never come to an end.
  if (!Number.isFinite(value)) refuseOutsideWorker(this, "$formatInteger of what is infinite");
  return INTEGER.evaluate(undefined, { value, picture });
}

const refuseOutsideWorker = ({ environment }: Focus, what: string): void => {
  if (!isInWorker(environment)) throw new TooHeavy(`${what} may never end.`);
};

interface Marks {
  readonly active: ReadonlySet<string>;
  readonly exponent: string;
  readonly pattern: string;
}

/** The characters that mean something in a picture: https://www.w3.org/TR/xpath-functions-31/#syntax-of-picture-string */
const marksOf = (options: Readonly<Record<string, unknown>> = {}): Marks => {
  const mark = (name: string, usual: string): string => {
    const own = options[name];
    return typeof own === "string" ? own : usual;
  };
  const zero = mark("zero-digit", "0").charCodeAt(0);
  const digits = Array.from({ length: 10 }, (_, digit) => String.fromCharCode(zero + digit));
  const others = [
    mark("decimal-separator", "."),
    mark("grouping-separator", ","),
    mark("digit", "#"),
  ];
  return {
    active: new Set([...digits, ...others]),
    exponent: mark("exponent-separator", "e"),
    pattern: mark("pattern-separator", ";"),
  };
};

const faultOf = (picture: string, { active, exponent }: Marks): string | undefined => {
  if (picture.split("").some((character) => active.has(character))) return undefined;
  // The last rule that it breaks is the one that is told. Without an active character it breaks them all.
  if (exponent !== "" && picture.includes(exponent)) return "D3093";
  return picture === "" ? "D3085" : "D3086";
};
