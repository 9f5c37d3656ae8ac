import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a client program left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a client program of a package with a home directory of its own. `onOutput` sees everything that
 * it has printed so far, each time it prints.
 */
export const runClient = (
  script: string,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly onOutput?: (soFar: string) => void;
  } = {},
): Promise<Ran> => {
  const home = mkdtempSync(join(tmpdir(), "client-"));
  return new Promise<Ran>((resolve, reject) => {
    const child = spawn(process.execPath, [join(process.cwd(), "node_modules", script), ...args], {
      cwd: home,
      // No PATH: a client that looks for a browser finds none.
      env: { HOME: home, PATH: join(home, "nothing"), ...options.env },
      // An open stdin: mcp-remote leaves when it ends.
      stdio: "pipe",
    });
    const out = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        out[stream] += text;
        options.onOutput?.(out.stdout + out.stderr);
      });
    }
    const tooLong = setTimeout(() => child.kill("SIGKILL"), 25_000);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(tooLong);
      resolve({ code, ...out });
    });
  }).finally(() => rmSync(home, { recursive: true, force: true }));
};

/**
 * Calls `visit` once, with the first authorization address that a program prints, and not before it has
 * printed `listening` too.
 */
export const onAuthorizeUrl = (
  visit: (url: string) => Promise<unknown>,
  listening = "",
): ((soFar: string) => void) => {
  let seen = false;
  return (soFar) => {
    const [url] = /http:\/\/\S+\/oauth2\/authorize\?\S+(?=\s)/.exec(soFar) ?? [];
    if (url === undefined || seen || !soFar.includes(listening)) return;
    seen = true;
    // A failure shows in what the client does; the test must not die of it in between.
    visit(url).catch(() => undefined);
  };
};
