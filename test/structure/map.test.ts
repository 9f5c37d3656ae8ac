import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsOf, leadsSomewhere, linksOf } from "../support/markdown.ts";
import { trackedFiles } from "./tracked-files.ts";

const { dirname, join } = posix;

const documents = trackedFiles(/\.md$/);

const [, map = ""] = (documents.get("README.md") ?? "").split("\n## Where things are\n");
const section = map.split("\n## ")[0] ?? "";

/** The rooms that the tree names: one at the beginning of each line, more within its sentence. */
const roomsOfTree = (): readonly string[] => {
  const [, tree = ""] = /^```\n(.*?)^```$/ms.exec(section) ?? [];
  const above: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", name, sentence = ""] = /^( *)([\w-]+)\/ +(.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    above.length = indent.length / 2;
    above.push(name);
    const room = above.join("/");
    return [room, ...[...sentence.matchAll(/(\S+)\/(?= |$)/g)].map(([, one]) => `${room}/${one}`)];
  });
};

describe("the README's map", () => {
  test("names every room of the sources, and no other", () => {
    const rooms = new Set(
      [...trackedFiles(/^(functions|workflows|infra|scripts)\//).keys()].map(dirname),
    );

    // The tests' rooms follow those of what they prove.
    expect(roomsOfTree().toSorted()).toEqual([...rooms, "test"].toSorted());
  });

  test("answers at least thirty questions with one path each, and each path is there", () => {
    const rows = section
      .split("\n")
      .filter((line) => /^\| .*\? \|/.test(line))
      .map((line) => line.split(" | ")[1] ?? "");

    expect(rows.length).toBeGreaterThanOrEqual(30);
    for (const answer of rows) {
      const [, text, target = ""] = /^\[(\S+)\]\((\S+)\) \|$/.exec(answer) ?? [];
      expect(target, answer).toBe(text);
      expect(leadsSomewhere(target), answer).toBe(true);
    }
  });
});

test("every link of a document to this repository leads somewhere", () => {
  const links = [...documents].flatMap(([file, text]) =>
    linksOf(text).map(({ target, line }) => ({ file, target, line })),
  );

  const inside = links.filter(({ target }) => !/^(https?|mailto):/.test(target));
  const broken = inside.filter(
    ({ file, target }) =>
      !leadsSomewhere(target.startsWith("#") ? `${file}${target}` : join(dirname(file), target)),
  );

  expect(inside.length).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});

test("every path that a document names in backticks is there", () => {
  const files = [...trackedFiles(/\.\w+$/).keys()];
  const named = [...documents].flatMap(([file, text]) =>
    [...text.matchAll(/`(\w[\w.@/-]*)`/g)].map(([, path = ""]) => ({ file, path })),
  );
  const isThere = (path: string): boolean =>
    files.some((one) => one === path || one.startsWith(`${path}/`) || one.endsWith(`/${path}`));

  const paths = named.filter(
    ({ path }) => /^(functions|infra|scripts|workflows|test)\//.test(path) || /\.ts$/.test(path),
  );
  // The table of threats names tests by their place in test/.
  const missing = paths.filter(({ path }) => !isThere(path) && !isThere(`test/${path}.test.ts`));

  expect(paths.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

test("a heading's anchor is the one that GitHub gives it", () => {
  const text = [
    '# "Attach" your own device, and `--lan`',
    "## functions/domain",
    "### D12",
    "## Twice",
    "## Twice",
    "## [Linked](a.md#b) & more",
    "```",
    "# no heading",
    "```",
  ].join("\n");

  expect([...anchorsOf(text)]).toEqual([
    "attach-your-own-device-and---lan",
    "functionsdomain",
    "d12",
    "twice",
    "twice-1",
    "linked--more",
  ]);
});
