import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { isObject } from "#domain/json.ts";

/** The real zwave-js-server on the driver's mock of fifteen nodes, in a process of its own. */
export interface ZwaveNetwork {
  readonly url: string;
  /** Does one of the actions of zwave-network.mjs. */
  ask(action: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Gives a node a fault, or takes it: dead, mute, refuses, jams, deaf, clamps, slow, hand. */
  fault(node: number, fault?: string): Promise<void>;
  /** The nodes that were told something since the last question, each time once. */
  told(): Promise<readonly number[]>;
  /** What a mock node itself holds. */
  holds(node: number): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** Starts it; resolves when its nodes are interviewed. */
export const startZwaveNetwork = async (packages: string): Promise<ZwaveNetwork> => {
  const port = await freePort();
  const child = fork(
    join(import.meta.dirname, "zwave-network.mjs"),
    [packages, String(port)],
    // The server tells each error of a device on its output.
    { stdio: ["ignore", "ignore", "ignore", "ipc"] },
  );
  await ready(child);
  let count = 0;

  const ask: ZwaveNetwork["ask"] = async (action, args = {}) => {
    count += 1;
    const id = count;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const hear = (message: unknown): void => {
      if (!isObject(message) || message.id !== id) return;
      child.off("message", hear);
      if (message.error === undefined) resolve(message.result);
      else reject(new Error(String(message.error)));
    };
    child.on("message", hear);
    child.send({ id, action, args });
    return promise;
  };

  return {
    url: `ws://127.0.0.1:${port}`,
    ask,
    fault: async (node, fault) => {
      await ask("fault", { node, ...(fault === undefined ? {} : { fault }) });
    },
    told: async () => {
      const sets = await ask("sets");
      return Array.isArray(sets)
        ? sets.map((set: unknown) => (isObject(set) ? Number(set.node) : 0))
        : [];
    },
    holds: async (node) => {
      const state = await ask("state", { node });
      return isObject(state) ? state : {};
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
};

const ready = (child: ChildProcess): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("exit", (code) => reject(new Error(`the Z-Wave network ended with ${code}`)));
  child.on("message", (message) => {
    if (isObject(message) && message.ready === true) resolve();
  });
  return promise;
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
};
