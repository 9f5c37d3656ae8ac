import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectAsync } from "mqtt";

/** Where Debian puts mosquitto; absent where it is not installed. */
export const mosquittoPath = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find((path) =>
  existsSync(path),
);

/** A mosquitto of a test's own. It keeps nothing over a restart. */
export interface Mosquitto {
  readonly url: string;
  /** Ends it; by default as a crash would. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a mosquitto on a free port of the loopback interface. */
export const startMosquitto = async (): Promise<Mosquitto> => {
  const directory = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const config = join(directory, "mosquitto.conf");
  const port = await freePort();
  const url = `mqtt://127.0.0.1:${port}`;
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\nmax_inflight_messages 0\npersistence false\nlog_dest none\n`,
  );
  let child: ChildProcess | undefined;

  const stop = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, "exit");
    ending.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    child = spawn(mosquittoPath ?? "mosquitto", ["-c", config], { stdio: "ignore" });
    for (let tries = 0; ; tries++) {
      try {
        const probe = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 1000 }, false);
        await probe.endAsync();
        return;
      } catch (error) {
        if (tries > 100 || child.exitCode !== null) throw error;
        await pause(20);
      }
    }
  };

  await start();
  return {
    url,
    stop,
    start,
    close: async () => {
      await stop("SIGTERM");
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
};
