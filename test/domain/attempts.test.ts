import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ATTEMPTS } from "../attempts.ts";

const TESTS = join(import.meta.dirname, "..");

/** The attempts whose tests a file holds. */
const attemptsIn = (file: string): ReadonlySet<number> =>
  new Set(
    [...readFileSync(join(TESTS, file), "utf8").matchAll(/\battempt (\d+): /g)].map(
      ([, number = ""]) => Number(number),
    ),
  );

test("there are 38 attempts, each a test in each of the files that are named as its proof", () => {
  const missing = Object.entries(ATTEMPTS).flatMap(([number, { proof }]) =>
    proof.filter((file) => !attemptsIn(file).has(Number(number))).map((file) => [number, file]),
  );

  expect(Object.keys(ATTEMPTS).map(Number)).toEqual(
    Array.from({ length: 38 }, (_, index) => index + 1),
  );
  expect(Object.values(ATTEMPTS).filter(({ proof }) => proof.length === 0)).toEqual([]);
  expect(missing).toEqual([]);
});

test("no test is called by an attempt that the table does not tell of, or in a file that it does not name", () => {
  const unnamed = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) =>
      [...attemptsIn(file)]
        .filter((number) => ATTEMPTS[number]?.proof.includes(file) !== true)
        .map((number) => [file, number]),
    );

  expect(unnamed).toEqual([]);
});
