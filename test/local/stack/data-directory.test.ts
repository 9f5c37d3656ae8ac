import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { takeDataDirectory, writeFileAtomically } from "#local/wire/data-directory.ts";

const root = mkdtempSync(join(tmpdir(), "data-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const failure = (path: string): unknown => {
  try {
    takeDataDirectory(path).release();
    return undefined;
  } catch (error) {
    return error;
  }
};

test("a folder is made for its owner alone, with a secret of its own that stays", () => {
  const path = join(root, "new", "deep");

  const first = takeDataDirectory(path);
  first.release();
  const second = takeDataDirectory(path);
  second.release();

  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, "master-secret")).mode & 0o777).toBe(0o600);
  expect(first.masterSecret).toMatch(/^[0-9a-f]{64}$/);
  expect(second.masterSecret).toBe(first.masterSecret);
});

test("a folder that is held is refused until it is released; who holds it is named", () => {
  const path = join(root, "held");
  const held = takeDataDirectory(path);
  writeFileSync(join(path, "endpoints.json"), '{"pid": 4711}');

  expect(failure(path)).toMatchObject({
    code: "AlreadyRunning",
    message: expect.stringContaining("(process 4711)") as string,
  });
  held.release();

  expect(failure(path)).toBeUndefined();
});

test("a folder that is a file is refused, and the file is left alone", () => {
  const path = join(root, "file");
  writeFileSync(path, "mine");

  expect(failure(path)).toMatchObject({ code: "DataDamaged" });
  expect(readFileSync(path, "utf8")).toBe("mine");
});

test.each(["", "short", `${"0".repeat(63)}x`])("the secret %j is damaged, and named", (secret) => {
  const path = join(root, `secret-${secret.length}`);
  mkdirSync(path);
  writeFileSync(join(path, "master-secret"), secret);

  expect(failure(path)).toMatchObject({
    code: "DataDamaged",
    message: expect.stringContaining(join(path, "master-secret")) as string,
  });
  expect(readFileSync(join(path, "master-secret"), "utf8")).toBe(secret);
});

test("a lock file that is not SQLite's is damaged, and named", () => {
  const path = join(root, "lock");
  mkdirSync(path);
  writeFileSync(join(path, "lock"), "something else entirely ".repeat(100));

  expect(failure(path)).toMatchObject({
    code: "DataDamaged",
    message: expect.stringContaining(join(path, "lock")) as string,
  });
});

test("a file is replaced in one step and readable by its owner alone", () => {
  const file = join(root, "replaced");
  writeFileSync(file, "old");

  writeFileAtomically(file, "new");

  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
