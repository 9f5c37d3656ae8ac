import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { trackedFiles } from "../structure/tracked-files.ts";
import { ROOT } from "./command.ts";

/** What the runs of a copy's tests came to. */
export interface CopyReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** A copy of the tree in which a text of a file gives place to another while some of its tests run. */
export interface TreeCopy {
  run(project: string, files: readonly string[], options?: readonly string[]): Promise<CopyReport>;
  /**
   * The same with `from`, which stands in the file once, replaced.
   * @throws Error when it does not
   */
  runWith(
    change: { readonly file: string; readonly from: string; readonly to: string },
    project: string,
    files: readonly string[],
    options?: readonly string[],
  ): Promise<CopyReport>;
  close(): void;
}

/** Copies what git knows, beside the same packages. */
export const copyTree = (): TreeCopy => {
  const copy = mkdtempSync(join(tmpdir(), "tree-"));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  };
  for (const [file, text] of trackedFiles(/\.(m?[jt]sx?|json|grit|css|html|svg)$|^\.gitignore$/))
    write(file, text);
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  // The tests of the tree ask git which files it has.
  execFileSync("git", ["init", "--quiet"], { cwd: copy });

  const run: TreeCopy["run"] = async (project, files, options = []) => {
    const report = join(copy, "report.json");
    const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const args = ["run", "--project", project, "--reporter=json", `--outputFile=${report}`];
    // What this vitest tells its own workers is nothing to the one below it.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST") && name !== "CI"),
    );
    const child = spawn(process.execPath, [vitest, ...args, ...options, ...files], {
      cwd: copy,
      env,
      stdio: "ignore",
    });
    await once(child, "exit");
    return JSON.parse(readFileSync(report, "utf8")) as CopyReport;
  };

  return {
    run,
    runWith: async ({ file, from, to }, project, files, options) => {
      const whole = readFileSync(join(copy, file), "utf8");
      if (whole.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
      write(
        file,
        whole.replace(from, () => to),
      );
      return run(project, files, options).finally(() => write(file, whole));
    },
    close: () => rmSync(copy, { recursive: true, force: true }),
  };
};
