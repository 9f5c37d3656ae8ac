import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openLogFile } from "#local/lambda/function-log.ts";

const directory = mkdtempSync(join(tmpdir(), "function-log-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a line is in its file as soon as it is written: a house that is killed then loses none", () => {
  const log = openLogFile(join(directory, "logs"), "one.log");

  log.write("first\nsecond\n");
  const text = readFileSync(join(directory, "logs", "one.log"), "utf8");

  expect(text).toBe("first\nsecond\n");
  expect(statSync(join(directory, "logs", "one.log")).mode & 0o777).toBe(0o600);
});

test("lines go behind those that are there, and nowhere when the log is closed", async () => {
  const file = join(directory, "two.log");
  const first = openLogFile(directory, "two.log");
  first.write("first\n");
  await first.close();

  first.write("too late\n");
  const second = openLogFile(directory, "two.log");
  second.write("second\n");
  await second.close();

  expect(readFileSync(file, "utf8")).toBe("first\nsecond\n");
});

test("a disk that is full, or a file that cannot be written, ends no house", async () => {
  // Every write to /dev/full fails as on a full disk.
  const full = openLogFile("/dev", "full");
  const closed = openLogFile("/dev", "null/log");

  full.write("a line\n");
  closed.write("a line\n");

  await expect(Promise.all([full.close(), closed.close()])).resolves.toBeDefined();
});
