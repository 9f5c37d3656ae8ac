import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** The project's folder, where a person gives its commands. */
export const ROOT = join(import.meta.dirname, "..", "..");

/** A command that ran to its end. */
export interface Ended {
  readonly code: number | null;
  /** What it printed on both streams, as a person sees it. */
  readonly output: string;
}

/** Runs one of the project's scripts with the pinned Node.js, as `npm run` does. */
export const runScript = async (
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  ended(
    spawn(process.execPath, [join(ROOT, "scripts", script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    }),
  );

/** Runs a line as a person's shell does, in the project's folder. */
export const runLine = (line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  ended(spawn("sh", ["-c", line], { cwd: ROOT, env: { ...process.env, ...env } }));

const ended = async (child: ChildProcess): Promise<Ended> => {
  let output = "";
  const listen = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
};
