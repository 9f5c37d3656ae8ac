// https://smithy.io/2.0/spec/constraint-traits.html; the texts are those that AWS's services share, none is recorded of Scheduler.
import type { Json, JsonObject } from "#local/wire/json.ts";
import { isArray, isObject } from "#local/wire/json.ts";
import { invalid } from "./scheduler-error.ts";

interface TextRule {
  readonly least?: number;
  readonly most: number;
  readonly pattern?: RegExp;
}

interface NumberRule {
  readonly least: number;
  readonly most: number;
}

/** Reads the members of a request and collects what is wrong with them, as AWS answers it: all in one error. */
export interface Constraints {
  text(path: string, value: Json | undefined, rule: TextRule): string | undefined;
  integer(path: string, value: Json | undefined, rule: NumberRule): number | undefined;
  /** Epoch seconds. */
  date(path: string, value: Json | undefined): number | undefined;
  oneOf<const T extends string>(
    path: string,
    value: Json | undefined,
    values: readonly T[],
  ): T | undefined;
  structure(path: string, value: Json | undefined): JsonObject | undefined;
  list(path: string, value: Json | undefined): readonly Json[] | undefined;
  /** Notes that a member is missing which must be there. */
  required<T>(path: string, value: T | undefined): value is T;
  /** @throws AwsError `ValidationException`, if anything was wrong */
  check(): void;
}

/** Nothing is wrong yet. */
export const constraints = (): Constraints => {
  const faults: string[] = [];
  const fault = (path: string, value: Json, must: string): undefined => {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    faults.push(`Value '${shown}' at '${path}' failed to satisfy constraint: Member must ${must}`);
  };
  const typed = (path: string, what: string): never => {
    throw invalid(`The member ${path} is not ${what}.`);
  };
  return {
    text: (path, value, { least = 1, most, pattern }) => {
      if (isAbsent(value)) return undefined;
      if (typeof value !== "string") return typed(path, "a text");
      if (value.length < least) {
        return fault(path, value, `have length greater than or equal to ${least}`);
      }
      if (value.length > most) {
        return fault(path, value, `have length less than or equal to ${most}`);
      }
      if (pattern?.test(value) === false) {
        return fault(path, value, `satisfy regular expression pattern: ${pattern.source}`);
      }
      return value;
    },
    integer: (path, value, { least, most }) => {
      if (isAbsent(value)) return undefined;
      if (typeof value !== "number" || !Number.isInteger(value)) return typed(path, "an integer");
      if (value < least) return fault(path, value, `have value greater than or equal to ${least}`);
      if (value > most) return fault(path, value, `have value less than or equal to ${most}`);
      return value;
    },
    date: (path, value) => {
      if (isAbsent(value)) return undefined;
      return typeof value === "number" ? value : typed(path, "a timestamp in epoch seconds");
    },
    oneOf: (path, value, values) => {
      if (isAbsent(value)) return undefined;
      const known = values.find((one) => one === value);
      return known ?? fault(path, value, `satisfy enum value set: [${values.join(", ")}]`);
    },
    structure: (path, value) => {
      if (isAbsent(value)) return undefined;
      return isObject(value) ? value : typed(path, "a structure");
    },
    list: (path, value) => {
      if (isAbsent(value)) return undefined;
      return isArray(value) ? value : typed(path, "a list");
    },
    required: <T>(path: string, value: T | undefined): value is T => {
      if (value !== undefined) return true;
      if (!faults.some((one) => one.includes(`at '${path}'`))) {
        faults.push(
          `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
        );
      }
      return false;
    },
    check: () => {
      if (faults.length === 0) return;
      const count = `${faults.length} validation error${faults.length > 1 ? "s" : ""}`;
      throw invalid(`${count} detected: ${faults.join("; ")}`);
    },
  };
};

const isAbsent = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;
