import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { ROOT } from "./command.ts";

/** A link of a document: where it leads, as it is written, and its line. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** A document's lines outside of its fenced blocks; the others are empty. */
const prose = (text: string): readonly string[] => {
  let isFenced = false;
  return text.split("\n").map((line) => {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence) isFenced = !isFenced;
    return isFence || isFenced ? "" : line;
  });
};

/** The links of a document. What stands in backticks is no link. */
export const linksOf = (text: string): readonly Link[] =>
  prose(text).flatMap((line, index) =>
    [...line.replaceAll(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({
      target,
      line: index + 1,
    })),
  );

/** The anchors that GitHub gives a document's headings: of two alike the second ends in -1. */
export const anchorsOf = (text: string): ReadonlySet<string> => {
  const anchors = new Set<string>();
  for (const line of prose(text)) {
    const [, heading] = /^#{1,6} +(.*?) *$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
    let copies = 0;
    while (anchors.has(copies === 0 ? anchor : `${anchor}-${copies}`)) copies += 1;
    anchors.add(copies === 0 ? anchor : `${anchor}-${copies}`);
  }
  return anchors;
};

/** Does a path of the repository, with or without `#anchor`, lead to a file, a folder or a heading that is there? */
export const leadsSomewhere = (path: string): boolean => {
  const [file = "", anchor] = path.split("#");
  const inside = posix.normalize(file);
  if (inside.startsWith("..") || !existsSync(join(ROOT, inside))) return false;
  return anchor === undefined || anchorsOf(readFileSync(join(ROOT, inside), "utf8")).has(anchor);
};
