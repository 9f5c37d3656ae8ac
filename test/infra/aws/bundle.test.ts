import { globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { bundle } from "#aws/bundle/bundle.ts";

const KIB = 1024;
const ROOT = join(import.meta.dirname, "..", "..", "..");

const FUNCTIONS = globSync("functions/*/handler.ts", { cwd: ROOT }).map((path) =>
  basename(dirname(path)),
);

// REQ: small-cold-starts
test.each(FUNCTIONS)("a cold start of %s loads less than 400 KiB", (name) => {
  const { atStart } = bundle(name).bytes;

  expect(atStart).toBeGreaterThan(10 * KIB);
  expect(atStart).toBeLessThan(400 * KIB);
});

test("every call passes the interceptors, which load no client of AWS for it", () => {
  expect(bundle("intercept-tool-call").bytes.atStart).toBeLessThan(80 * KIB);
});

test("what is asked for now and then lies beside what a start loads", () => {
  const { files, bytes } = bundle("home");

  expect(files.map(({ path }) => path.split("/").at(-1))).toContain("index.mjs");
  expect(bytes.all - bytes.atStart).toBeGreaterThan(100 * KIB);
});
