import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
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
  // As the checkout's own `npm start` does, where it has one.
  const cache = join(cwd, "scripts", "command", "compile-cache.mjs");
  const execArgv = existsSync(cache) ? ["--import", cache] : [];
  const child = fork(file, args, { cwd, execArgv, stdio: ["ignore", "ignore", "pipe", "ipc"] });
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

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error("The process has not started");
  return pid;
};
