import { readFileSync } from "node:fs";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { Problem } from "../command/problem.ts";
import {
  instantText,
  parsePreviewQuery,
  plannedInstants,
  type WrittenQuery,
} from "./preview-query.ts";

/** A case of a file: a question and, where it says so, the answer that is expected. */
export interface PreviewCase {
  readonly id: string;
  readonly question: WrittenQuery;
  /** UTC instants; without them nothing is compared. */
  readonly expected?: readonly string[];
  readonly toleranceSeconds: number;
}

/** What became of a case. */
export type CaseResult =
  | { readonly id: string; readonly instants: readonly string[]; readonly differs?: string }
  | { readonly id: string; readonly error: string };

/**
 * Reads a file of cases.
 * @throws Problem naming the file, the case and the member
 */
export const readCases = (file: string): readonly PreviewCase[] => {
  const list = parseFile(file);
  if (!Array.isArray(list)) throw new Problem(`${file} must hold a list of cases: [{"id": …}].`);
  const cases = list.map((one: unknown, index) => parseCase(one, `${file}, case ${index + 1}`));
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (ids.has(id))
      throw new Problem(`${file} has two cases "${id}". Give each an id of its own.`);
    ids.add(id);
  }
  return cases;
};

const parseFile = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(`${file} cannot be read as JSON: ${why}. Name a file of cases.`, { cause });
  }
};

const parseCase = (value: unknown, where: string): PreviewCase => {
  if (!isObject(value)) throw new Problem(`${where}: must be an object.`);
  const text = (member: string): string => {
    const one = value[member];
    if (typeof one === "string" && one !== "") return one;
    throw new Problem(`${where}: ${member} must be a text.`);
  };
  const optional = (member: string): string | undefined =>
    value[member] === undefined ? undefined : text(member);
  const { expected, toleranceSeconds = 0 } = value;
  if (expected !== undefined && !isTexts(expected)) {
    throw new Problem(`${where}: expected must be a list of instants.`);
  }
  if (typeof toleranceSeconds !== "number" || !(toleranceSeconds >= 0)) {
    throw new Problem(`${where}: toleranceSeconds must be a number from 0 on.`);
  }
  return {
    id: text("id"),
    question: {
      expression: text("expression"),
      zone: text("zone"),
      position: positionText(value.position, where),
      from: text("from"),
      until: text("until"),
      start: optional("start"),
      end: optional("end"),
    },
    ...(expected === undefined ? {} : { expected }),
    toleranceSeconds,
  };
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

const positionText = (value: unknown, where: string): string | undefined => {
  if (value === undefined) return undefined;
  if (isObject(value) && typeof value.lat === "number" && typeof value.lon === "number") {
    return `${value.lat},${value.lon}`;
  }
  throw new Problem(`${where}: position must be {"lat": …, "lon": …}, in degrees.`);
};

/** Calculates a case and compares it with what it expects. What cannot be calculated is told, and the others go on. */
export const resultOf = ({ id, question, expected, toleranceSeconds }: PreviewCase): CaseResult => {
  try {
    const planned = plannedInstants(parsePreviewQuery(question, (member) => member));
    const instants = planned.map(instantText);
    const isAsExpected =
      expected === undefined ||
      (expected.length === planned.length &&
        planned.every(
          (at, index) =>
            Math.abs(at - Date.parse(expected[index] ?? "")) <= toleranceSeconds * 1000,
        ));
    if (isAsExpected) return { id, instants };
    const differs = `expected ${listed(expected)}, calculated ${listed(instants)}`;
    return { id, instants, differs };
  } catch (error) {
    if (!(error instanceof HomeError) && !(error instanceof Problem)) throw error;
    return { id, error: error.message };
  }
};

const listed = (instants: readonly string[]): string =>
  instants.length === 0 ? "nothing" : instants.join(" ");
