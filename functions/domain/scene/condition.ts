import type { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";

/** What a device or sensor must report: each value the same, and numbers within bounds where bounds are given. */
export type ReportedBounds = Readonly<
  Record<string, Readonly<Record<string, boolean | number | string | Bounds>>>
>;

/** Both ends excluded. */
export interface Bounds {
  readonly above?: number;
  readonly below?: number;
}

/** When a stage, or one device of it, is part of a run. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly device: string; readonly is: ReportedBounds }
  /** Local time, `HH:MM`, from `after` on and until `before`; over midnight where `before` is the earlier one. */
  | { readonly after: string; readonly before: string }
  | { readonly sun: "up" | "down" }
  /** The mode of the home is one of these. */
  | { readonly mode: readonly string[] };

type Wrong = (what: string) => HomeError;

export const MAX_CONDITION_DEPTH = 5;
export const MAX_CONDITIONS = 20;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Reads a condition of a record. Whether its devices are of the home was checked when the scene was saved.
 * @throws the error that `wrong` makes
 */
export const parseCondition = (value: unknown, wrong: Wrong, depth = 0): Condition => {
  const no = (): HomeError => wrong(`has no condition: ${shown(value)}.`);
  if (!isObject(value) || depth > MAX_CONDITION_DEPTH) throw no();
  const members = Object.keys(value).sort().join();
  const list = (of: unknown): readonly Condition[] => {
    if (!Array.isArray(of) || of.length === 0 || of.length > MAX_CONDITIONS) throw no();
    return of.map((one: unknown) => parseCondition(one, wrong, depth + 1));
  };
  if (members === "all") return { all: list(value.all) };
  if (members === "any") return { any: list(value.any) };
  if (members === "not") return { not: parseCondition(value.not, wrong, depth + 1) };
  const { device, is, after, before, sun, mode } = value;
  if (members === "device,is" && typeof device === "string" && isReportedBounds(is)) {
    return { device, is };
  }
  if (members === "after,before" && isTimeOfDay(after) && isTimeOfDay(before)) {
    return { after, before };
  }
  if (members === "sun" && (sun === "up" || sun === "down")) return { sun };
  if (members === "mode" && Array.isArray(mode) && mode.every((one) => typeof one === "string")) {
    return { mode };
  }
  throw no();
};

/** Is this a local time, `HH:MM`? */
export const isTimeOfDay = (value: unknown): value is string =>
  typeof value === "string" && TIME.test(value);

const isReportedBounds = (value: unknown): value is ReportedBounds =>
  isObject(value) &&
  Object.keys(value).length > 0 &&
  Object.values(value).every(
    (values) =>
      isObject(values) &&
      Object.keys(values).length > 0 &&
      Object.values(values).every((one) => isPlain(one) || isBounds(one)),
  );

const isPlain = (value: unknown): value is boolean | number | string =>
  typeof value === "boolean" || typeof value === "number" || typeof value === "string";

/** Are these bounds of a number? */
export const isBounds = (value: unknown): value is Bounds =>
  isObject(value) &&
  Object.keys(value).length > 0 &&
  Object.entries(value).every(
    ([name, bound]) => (name === "above" || name === "below") && typeof bound === "number",
  );

/** The devices whose reports a condition is about. */
export const devicesOf = (condition: Condition): readonly string[] => {
  if ("all" in condition) return condition.all.flatMap(devicesOf);
  if ("any" in condition) return condition.any.flatMap(devicesOf);
  if ("not" in condition) return devicesOf(condition.not);
  return "device" in condition ? [condition.device] : [];
};

/** Does a condition ask where the sun is? */
export const asksForSun = (condition: Condition): boolean => {
  if ("all" in condition) return condition.all.some(asksForSun);
  if ("any" in condition) return condition.any.some(asksForSun);
  return "not" in condition ? asksForSun(condition.not) : "sun" in condition;
};
