import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** The commit that the aims are relative to: the last one before the work on speed. */
const BASE = "00f30c7431b4dca41e3ea80faa045cc1f5c7ef4f";
const INSTALL_MS = 120_000;

/** What a folder holds, or why it could not be had. */
export type BaseCheckout = { readonly folder: string } | { readonly missing: string };

/**
 * Lays the base's files and packages into a folder below `scratch`: the files from this clone's history, the packages from the
 * registry that npm is configured for. A shallow clone has no such commit, and a machine may reach no registry.
 */
export const checkOutBase = (root: string, scratch: string): BaseCheckout => {
  const folder = join(scratch, BASE.slice(0, 7));
  const tar = join(scratch, "base.tar");
  mkdirSync(folder);
  const failure =
    failureOf("git", ["archive", "--output", tar, BASE], { cwd: root }) ??
    failureOf("tar", ["--extract", "--file", tar], { cwd: folder }) ??
    failureOf("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, timeout: INSTALL_MS });
  return failure === undefined ? { folder } : { missing: failure };
};

/** The last line that a command printed before it failed, or nothing when it ended well. */
const failureOf = (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly timeout?: number },
): string | undefined => {
  const { status, stderr, error } = spawnSync(command, args, { ...options, encoding: "utf8" });
  if (status === 0) return undefined;
  const said = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
  return `${command} ${args[0]}: ${said}`;
};
