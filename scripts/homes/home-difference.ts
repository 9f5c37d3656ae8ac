import type { Home } from "#domain/home/home.ts";
import { canonicalJson, type Json } from "#domain/json.ts";
import { sceneChanges } from "#domain/scene/settle/scene-changes.ts";

/** What a home is made of, beside where it is. */
export type Part = "device" | "scene" | "group" | "floor";

/** A record that a file has: what it is here, if it is. */
export interface Compared {
  readonly part: Part;
  readonly id: string;
  readonly name: string;
  /** Not there yet; as in the file; or otherwise. */
  readonly standing: "missing" | "same" | "differs";
  /** Where it is otherwise, what is: a line each. */
  readonly differences: readonly string[];
}

/** Compares a home with what a file says of it: devices first, since scenes and groups are read against them. */
export const compareHomes = (here: Home, file: Home): readonly Compared[] => [
  ...compareEach("device", here.devices, file.devices, memberDifferences),
  ...compareEach("scene", here.scenes, file.scenes, sceneChanges),
  ...compareEach("group", here.groups, file.groups, memberDifferences),
  ...compareEach("floor", here.floors, file.floors, memberDifferences),
];

interface Named {
  readonly id: string;
  readonly name: string;
}

const compareEach = <T extends Named>(
  part: Part,
  here: readonly T[],
  file: readonly T[],
  differencesOf: (before: T, after: T) => readonly string[],
): readonly Compared[] =>
  file.map((after) => {
    const { id, name } = after;
    const before = here.find((one) => one.id === id);
    if (before === undefined) return { part, id, name, standing: "missing", differences: [] };
    const differences = differencesOf(before, after);
    return { part, id, name, standing: differences.length === 0 ? "same" : "differs", differences };
  });

const memberDifferences = (before: object, after: object): readonly string[] => {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((member) => {
    const [one, other] = [shownMember(was.get(member)), shownMember(is.get(member))];
    return one === other ? [] : [`its ${member} is ${one} here, ${other} in the file`];
  });
};

// Records are read from JSON, and hold nothing else.
const shownMember = (value: unknown): string =>
  value === undefined ? "not said" : canonicalJson(parseJson(value));

const parseJson = (value: unknown): Json => value as Json;
