import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../command/problem.ts";
import { writeConsole } from "../console/built-console.ts";

const ROOT = join(import.meta.dirname, "..", "..");

// Everything that the template, the bundles and the console's files are made of.
const INPUTS = [
  "infra/app.ts",
  "infra/aws",
  "infra/console",
  "functions",
  "workflows",
  "cdk.json",
  "package-lock.json",
];

/**
 * Synthesizes the template, bundles the functions and builds the console into `assembly`, unless it holds what these very
 * inputs gave before. In a process of its own: CDK takes some 400 MB, which a house does not need for the rest of its life.
 * @throws Problem with what infra/app.ts printed
 */
export const buildTemplate = async (assembly: string): Promise<string> => {
  const mark = join(assembly, "inputs.sha256");
  const inputs = hashOfInputs();
  if (readIfThere(mark) === inputs) return assembly;
  rmSync(assembly, { recursive: true, force: true });
  const child = spawn(process.execPath, [join(ROOT, "infra", "app.ts")], {
    cwd: ROOT,
    env: {
      ...process.env,
      CDK_OUTDIR: assembly,
      // CloudFormation's own schema check takes a second; `npm test` and `npm run synth` make it.
      CDK_VALIDATION: "false",
      // Here whoever develops looks at each step (npm run logs), and no log is paid for.
      CDK_CONTEXT_JSON: JSON.stringify({ workflowLog: "everything" }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const text = Buffer.concat(printed).toString("utf8").trim();
  if (code !== 0 && FULL_DISK.test(text)) throw fullDisk(assembly, new Error(text));
  if (code !== 0) {
    throw new Problem(
      `The template could not be synthesized (infra/app.ts, exit code ${code}):\n${text}`,
    );
  }
  try {
    await writeConsole(assembly);
    // Last, so that an assembly that was cut off is made again.
    writeFileSync(mark, inputs);
  } catch (cause) {
    if (cause instanceof Error && FULL_DISK.test(cause.message)) throw fullDisk(assembly, cause);
    throw cause;
  }
  return assembly;
};

// As Node.js and esbuild say it.
const FULL_DISK = /ENOSPC|no space left on device/i;

const fullDisk = (assembly: string, cause: Error): Problem =>
  new Problem(
    `There is no room on the disk for the template in ${assembly}. Make room and start again, or choose another folder with --data DIR.`,
    { cause },
  );

const hashOfInputs = (): string => {
  const hash = createHash("sha256").update(process.version);
  for (const file of INPUTS.flatMap(filesOf).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex");
};

const filesOf = (path: string): readonly string[] =>
  /\.\w+$/.test(path)
    ? [path]
    : readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // No mark, no assembly: it is made.
    return undefined;
  }
};
