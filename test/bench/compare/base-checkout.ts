import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** The commit that the speed of a scene is held against where no other checkout is named. */
export const BASE_COMMIT = "00f30c7";

/** A checkout of the base commit with its packages, or why there is none. */
export type BaseCheckout = { readonly root: string } | { readonly missing: string };

/** Lays the base commit of the repository in `root` out below `scratch`, and installs its packages there. */
export const checkOutBase = (root: string, scratch: string): BaseCheckout => {
  const base = join(scratch, "base");
  mkdirSync(base);
  const archive = join(scratch, "base.tar");
  const steps: readonly (readonly [string, readonly string[], string])[] = [
    ["git", ["archive", "--output", archive, BASE_COMMIT], root],
    ["tar", ["-xf", archive, "-C", base], scratch],
    ["npm", ["ci", "--no-audit", "--no-fund"], base],
  ];
  for (const [command, words, cwd] of steps) {
    const { status, stderr, error } = spawnSync(command, words, { cwd, encoding: "utf8" });
    if (status === 0) continue;
    const because = (error?.message ?? stderr).trim().split("\n").at(-1);
    return { missing: `${command} ${words.join(" ")}: ${because}` };
  }
  return { root: base };
};
