import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIXTURE = join(import.meta.dirname, "..", "fixtures", "data-folder-before-formats");

const PRIVATE = [
  "cognito.sqlite",
  "master-secret",
  "root-ca.key",
  "root-ca.pem",
  "devices/porch_lamp/private.key",
];
const READABLE_BY_ALL = ["dynamodb.sqlite", "iot.sqlite", "house.json", "lock"];

/** A copy of the data folder that version 0.1.0 left, with the modes that it left there. */
export const olderDataFolder = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), "older-"));
  cpSync(FIXTURE, path, { recursive: true });
  rmSync(join(path, "README.md"));
  writeFileSync(join(path, "lock"), "");
  for (const file of PRIVATE) chmodSync(join(path, file), 0o600);
  for (const file of READABLE_BY_ALL) chmodSync(join(path, file), 0o644);
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
