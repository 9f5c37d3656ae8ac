import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { firstLine } from "../../local/iot/support.ts";

/** A broker in a process of its own. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the IoT core on its own broker, `embedded`, or on the one of a URL. */
export const startCore = async (file: string, broker: string): Promise<Served> => {
  const child: ChildProcess = fork(
    new URL("../../local/iot/iot-process.ts", import.meta.url),
    [file, broker],
    { stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  const url = await firstLine(child.stdout);
  return {
    url,
    close: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
};
