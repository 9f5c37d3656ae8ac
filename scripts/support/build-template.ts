import { spawn } from "node:child_process";
import { join } from "node:path";
import { Problem } from "./problem.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The stack's name, and that of its template in the cloud assembly. */
export const STACK_NAME = "SmarthomeScenes";

/**
 * Synthesizes the template and bundles the functions into `assembly`, in a process of its own: CDK takes some 400 MB,
 * which the house does not need for the rest of its life.
 */
export const buildTemplate = async (assembly: string): Promise<void> => {
  const child = spawn(process.execPath, [join(ROOT, "infra", "app.ts")], {
    cwd: ROOT,
    env: { ...process.env, CDK_OUTDIR: assembly },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new Problem(
    `The template could not be synthesized (infra/app.ts, exit code ${code}):\n${Buffer.concat(printed).toString("utf8").trim()}`,
  );
};
