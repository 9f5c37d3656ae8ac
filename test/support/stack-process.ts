import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Endpoints, readEndpoints } from "../../scripts/command/endpoints.ts";
import { connectToHome, type ToolAnswer } from "../../scripts/command/home-client.ts";
import { ROOT } from "./command.ts";

const START = join(ROOT, "scripts", "start.ts");
const LONGEST_START_MS = 40_000;

/** `npm start` in a process of its own, which a test can kill. */
export interface StackProcess {
  readonly child: ChildProcess;
  readonly endpoints: Endpoints;
  /** Resolves when the process is gone. */
  readonly exited: Promise<unknown>;
  /** Stops it as Ctrl-C does. */
  end(): Promise<void>;
}

/** Starts it on free ports, and waits until it is up. */
export const startStack = async (options: {
  readonly data: string;
  /** `--mqtt-port` or `--mqtt-broker`, with its value. */
  readonly mqtt: readonly string[];
  readonly faults?: string;
}): Promise<StackProcess> => {
  const child = spawn(process.execPath, [
    ...[START, "--quiet", "--data", options.data, ...options.mqtt],
    ...["--gateway-port", "0", "--cognito-port", "0", "--aws-port", "0", "--console-port", "0"],
    ...(options.faults === undefined ? [] : ["--faults", options.faults]),
  ]);
  const exited = once(child, "exit");
  let printed = "";
  const up = new Promise<void>((resolve) => {
    const listen = (chunk: Buffer): void => {
      printed += chunk.toString("utf8");
      if (printed.includes("The house stays up")) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
  });
  const isUp = await Promise.race([
    up.then(() => true),
    exited.then(() => false),
    pause(LONGEST_START_MS, false, { ref: false }),
  ]);
  const endpoints = readEndpoints(options.data);
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
  };
  if (!isUp || endpoints === undefined) {
    child.kill("SIGKILL");
    throw new Error(`the stack did not start:\n${printed}`);
  }
  return { child, endpoints, exited, end };
};

/** Calls a tool of the home in a session of its own. */
export const ask = async (
  endpoints: Endpoints,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<ToolAnswer> => {
  const client = await connectToHome(endpoints);
  try {
    return await client.callTool(tool, args);
  } finally {
    await client.close();
  }
};
