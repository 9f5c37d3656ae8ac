import { posix } from "node:path";
import { expect, test } from "vitest";
import { trackedFiles } from "./tracked-files.ts";

const { dirname, join } = posix;

// package.json, imports.
const ALIASES = {
  "#domain/": "functions/domain/",
  "#adapters/": "functions/adapters/",
  "#aws/": "infra/aws/",
  "#local/": "infra/local/",
  "#house/": "infra/house/",
  "#bridges/": "infra/bridges/",
} as const;

const sources = trackedFiles(/^(functions|infra|scripts|workflows)\//);

const target = (file: string, specifier: string): string | undefined => {
  if (specifier.startsWith(".")) return join(dirname(file), specifier);
  const alias = Object.entries(ALIASES).find(([name]) => specifier.startsWith(name));
  return alias === undefined ? undefined : alias[1] + specifier.slice(alias[0].length);
};

/** Which folder imports from which, as `from → to`, and by which file. */
const arrows = (): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const found = new Map<string, Map<string, string>>();
  for (const [file, text] of sources) {
    if (!/\.m?ts$/.test(file)) continue;
    for (const [, specifier = ""] of text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/g)) {
      const to = target(file, specifier);
      if (to === undefined || dirname(to) === dirname(file)) continue;
      const from = found.get(dirname(file)) ?? new Map<string, string>();
      found.set(dirname(file), from.set(dirname(to), `${file} imports ${to}`));
    }
  }
  return found;
};

/** A way from a room back to itself, told by the imports that make it; empty where there is none. */
const circleThrough = (
  start: string,
  graph: ReadonlyMap<string, ReadonlyMap<string, string>>,
): readonly string[] => {
  const seen = new Set<string>();
  const walk = (room: string): readonly string[] | undefined => {
    for (const [next, by] of graph.get(room) ?? []) {
      if (next === start) return [by];
      if (seen.has(next)) continue;
      seen.add(next);
      const rest = walk(next);
      if (rest !== undefined) return [by, ...rest];
    }
    return undefined;
  };
  return walk(start) ?? [];
};

test("no room has more than 25 files", () => {
  const counts = new Map<string, number>();
  for (const file of sources.keys()) {
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  }

  expect([...counts].filter(([, count]) => count > 25)).toEqual([]);
});

test("arrows between rooms go one way", () => {
  const graph = arrows();

  expect(graph.size).toBeGreaterThan(30);
  expect([...graph.keys()].flatMap((room) => circleThrough(room, graph))).toEqual([]);
});

test("infra/local holds rooms, and no file but its README", () => {
  const files = [...sources.keys()].filter((file) => dirname(file) === "infra/local");

  expect(files).toEqual(["infra/local/README.md"]);
});
