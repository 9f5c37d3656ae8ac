import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A process of the benchmark, which has said that it is ready. */
export interface Child {
  readonly pid: number;
  /** What it said. */
  readonly ready: unknown;
  /** Says that nobody needs it any more; resolves when it is gone. */
  close(): Promise<void>;
}

/** Starts a file in the folder of a checkout. @throws Error when it ends before it is ready, with what it printed */
export const startChild = async (
  file: string,
  args: readonly string[],
  cwd: string,
): Promise<Child> => {
  const child = fork(file, args, {
    cwd,
    execArgv: startFlags(cwd),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let printed = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    printed = (printed + chunk.toString("utf8")).slice(-4000);
  });
  const exited = once(child, "exit");
  const ready = await Promise.race([
    once(child, "message"),
    exited.then(() => {
      throw new Error(`${file} ended: ${printed}`);
    }),
  ]);
  return {
    pid: pidOf(child),
    ready: ready[0],
    close: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
};

/** What stands between `node` and the file in the checkout's own `npm start`. */
const startFlags = (root: string): string[] => {
  const { start } = parsePackage(readFileSync(join(root, "package.json"), "utf8")).scripts;
  const words = start.split(" ");
  return words.slice(words.indexOf("node") + 1, -1);
};

const parsePackage = (text: string): { readonly scripts: { readonly start: string } } =>
  JSON.parse(text) as { readonly scripts: { readonly start: string } };

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error("The process has not started");
  return pid;
};
