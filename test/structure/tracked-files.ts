import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/command.ts";

/** The files of this repository whose path matches, those that are new and not ignored among them, each with its text. */
export const trackedFiles = (path: RegExp): ReadonlyMap<string, string> =>
  new Map(
    execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
    })
      .split("\n")
      // One that was deleted is listed until the deletion is committed.
      .filter((file) => path.test(file) && existsSync(join(ROOT, file)))
      .map((file) => [file, readFileSync(join(ROOT, file), "utf8")]),
  );
