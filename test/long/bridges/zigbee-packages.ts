import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

// GPL-3.0: a peer that this test runs, and neither a dependency of the project nor a part of it.
const PACKAGE = "zigbee2mqtt@2.14.1";
const ROOT = join(import.meta.dirname, "..", "..", "..");
const FOLDER = join(ROOT, "node_modules", ".cache", "bridges", PACKAGE);
const LIMIT_MS = 110_000;

/** The folder with the real Zigbee2MQTT, installed once; undefined where npm cannot fetch it. */
export const zigbeePackages = async (): Promise<string | undefined> => {
  if (existsSync(FOLDER)) return FOLDER;
  const fresh = `${FOLDER}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  await writeFile(join(fresh, "package.json"), '{"private":true}');
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"];
  try {
    await promisify(execFile)("npm", ["install", ...options, "--prefix", fresh, PACKAGE], {
      timeout: LIMIT_MS,
    });
    // In one step: another test's process may be installing, too.
    if (!existsSync(FOLDER)) await rename(fresh, FOLDER);
  } catch {
    return existsSync(FOLDER) ? FOLDER : undefined;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return FOLDER;
};
