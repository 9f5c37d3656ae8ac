import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

// zwave-js and its mock network are MIT, the server is Apache-2.0: peers of this test, and no dependency of the project.
const PACKAGES = ["zwave-js@15.29.0", "@zwave-js/testing@15.29.0", "@zwave-js/server@3.10.2"];
const FOLDER = join(
  import.meta.dirname,
  ...[
    "..",
    "..",
    "..",
    "node_modules",
    ".cache",
    "bridges",
    PACKAGES.join("+").replaceAll("/", "-"),
  ],
);
const LIMIT_MS = 100_000;

/** The folder with the Z-Wave peers, installed once; undefined where npm cannot fetch them. */
export const zwavePackages = async (): Promise<string | undefined> => {
  if (existsSync(FOLDER)) return FOLDER;
  const fresh = `${FOLDER}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  await writeFile(join(fresh, "package.json"), '{"private":true}');
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", fresh];
  try {
    await promisify(execFile)("npm", ["install", ...options, ...PACKAGES], { timeout: LIMIT_MS });
    // In one step: another test's process may be installing, too.
    if (!existsSync(FOLDER)) await rename(fresh, FOLDER);
  } catch {
    return existsSync(FOLDER) ? FOLDER : undefined;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return FOLDER;
};
