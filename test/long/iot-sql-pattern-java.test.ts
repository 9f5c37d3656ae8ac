import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluatePattern } from "#local/iot/rules/evaluate-pattern.ts";
import { SqlFault } from "#local/iot/rules/rule-sql-tokens.ts";
import { parseSqlPattern } from "#local/iot/rules/sql-pattern.ts";
import { parseSqlReplacement } from "#local/iot/rules/sql-replacement.ts";

// A JDK: it compiles the one file before it runs it.
const hasJava = spawnSync("javac", ["-version"]).status === 0;
const PROGRAM = join(import.meta.dirname, "JavaPatterns.java");

interface Case {
  readonly pattern: string;
  readonly replacement: string;
  readonly text: string;
}

const LETTERS = ["a", "b", "c", "A", "0", "_", "-", ".", "😀", "\n", "\r", "\u0085", "\u2028"];
const TOKENS = [
  ...LETTERS,
  ..."^$.*+?|()[]{}\\&/#".split(""),
  ..."(?: (?= (?! (a) (b|c) [a-c] [^a] [.b-] [a^] {2} {1,2} {0,} *? +? ?? ++ (?i) \\d || (a*)".split(
    " ",
  ),
];
const texts = (parts: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...parts), { maxLength }).map((list) => list.join(""));
const cases: fc.Arbitrary<Case> = fc.record({
  pattern: texts(TOKENS, 8),
  replacement: texts(["x", "$0", "$1", "$2", "<", "$", "\\"], 3),
  text: texts(LETTERS, 8),
});

/** What the local rules say: the first match and the replaced text; absent for what they refuse. */
const answerHere = ({ pattern, replacement, text }: Case): string | undefined => {
  try {
    const { source, groups, mayBeEmpty } = parseSqlPattern(pattern, 0);
    const parts = parseSqlReplacement(replacement, groups, 0);
    const by = (name: "regexp_substr" | "regexp_replace") =>
      evaluatePattern(name, text, new RegExp(source, "gu"), parts, () => {});
    const first = by("regexp_substr");
    const found = first === undefined ? "-" : base64(String(first));
    return mayBeEmpty ? found : `${found} ${base64(String(by("regexp_replace")))}`;
  } catch (error) {
    if (error instanceof SqlFault) return undefined;
    throw error;
  }
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test.skipIf(!hasJava)(
  "a pattern that the rules take means in Java what it means here (needs a JDK)",
  () => {
    const understood = fc.sample(cases, { numRuns: 300_000, seed: 11 }).flatMap((one) => {
      const here = answerHere(one);
      return here === undefined ? [] : [{ ...one, here }];
    });

    const answers = execFileSync("java", [PROGRAM], {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      input: understood
        .map(({ pattern, replacement, text }) => [pattern, replacement, text].map(base64).join(" "))
        .join("\n"),
    });

    const inJava = answers.split("\n");
    const different = understood.flatMap((one, index) =>
      // A replacement of what may be empty is refused, so only the match is compared.
      one.here === (one.here.includes(" ") ? inJava[index] : inJava[index]?.split(" ")[0])
        ? []
        : [{ ...one, inJava: inJava[index] }],
    );
    console.log(`${understood.length} patterns of 300000 understood and compared with Java`);
    expect(different.slice(0, 10)).toEqual([]);
    expect(understood.length).toBeGreaterThan(10_000);
  },
);
