import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { HomeId } from "#domain/home/home-id.ts";
import { Problem } from "../command/problem.ts";

const MAIN = join(import.meta.dirname, "..", "..", "infra", "house", "simulated", "main.ts");

/** The simulated devices, in a process of their own. */
export interface HouseProcess {
  /** Makes a device misbehave, or with no fault behave again. @throws Problem for a device or a fault that is not known */
  setFault(device: string, fault?: string): Promise<void>;
  close(): Promise<void>;
}

/** A process of devices that gets ready while what they connect to starts. */
export interface HouseInWaiting {
  /**
   * Waits until all devices are connected and have reported.
   * @throws Problem when the house could not start, with what it printed
   */
  connect(mqttUrl: string): Promise<HouseProcess>;
  close(): Promise<void>;
}

/** No device at all, in the house that starts empty. */
export const noDevices: HouseInWaiting = {
  connect: async () => ({
    setFault: async () => {
      throw new Problem("A house that starts empty has no devices.");
    },
    close: async () => {},
  }),
  close: async () => {},
};

interface HouseProcessOptions {
  readonly homeFile: string;
  readonly home: HomeId;
  readonly thingPrefix?: string;
  /** The folder with a folder for each thing, its key and certificate in it; without it nobody is asked for one. */
  readonly keys?: string;
  readonly stateFile?: string;
  readonly faults?: string;
}

/**
 * Starts the devices and waits until all are connected and have reported.
 * @throws Problem when the house could not start, with what it printed
 */
export const startHouseProcess = ({
  mqttUrl,
  ...options
}: HouseProcessOptions & { readonly mqttUrl: string }): Promise<HouseProcess> =>
  prepareHouseProcess(options).connect(mqttUrl);

// As this process was started, but for its room: a few devices hold little, and what is new is soon gone.
const devicesFlags = (): string[] => [
  ...process.execArgv.filter(
    (flag) => !/^--(?:expose-gc|(?:initial|max)-\w+-space-size)/.test(flag),
  ),
  "--max-semi-space-size=1",
];

/** Starts the process. Nothing but the home file is read before its devices may connect. */
export const prepareHouseProcess = (options: HouseProcessOptions): HouseInWaiting => {
  const child = fork(
    MAIN,
    [
      ["--home", options.homeFile],
      ["--home-id", options.home],
      // `=`, since a prefix may be empty.
      [`--thing-prefix=${options.thingPrefix ?? ""}`],
      options.keys === undefined ? [] : ["--keys", options.keys],
      options.stateFile === undefined ? [] : ["--state", options.stateFile],
      options.faults === undefined ? [] : ["--faults", options.faults],
    ].flat(),
    { execArgv: devicesFlags(), stdio: ["ignore", "ignore", "pipe", "ipc"] },
  );
  let printed = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    printed = (printed + chunk.toString("utf8")).slice(-4000);
  });
  const exited = once(child, "exit");
  const ready = new Promise<void>((resolve) => {
    child.on("message", (message) => {
      if (typeof message === "object" && "type" in message && message.type === "ready") resolve();
    });
  });
  const failed = exited.then((): never => {
    throw new Problem(printed.trim() || "The house stopped before its devices were ready.");
  });
  // It may fail before anybody waits for it; `connect` tells.
  failed.catch(() => undefined);
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (child.connected) child.send({ type: "close" });
    const force = setTimeout(() => child.kill("SIGKILL"), 2_000);
    await exited;
    clearTimeout(force);
  };
  const house: HouseProcess = {
    setFault: async (device, fault) => {
      const answered = once(child, "message");
      child.send({ type: "setFault", device, fault: fault ?? null });
      const [answer] = (await answered) as [{ readonly type?: string; readonly message?: string }];
      if (answer.type !== "faultSet") throw new Problem(answer.message ?? "The house refused.");
    },
    close,
  };
  return {
    connect: async (mqttUrl) => {
      // That it cannot be told is no error of its own: the process is gone, which `failed` tells.
      if (child.connected) child.send({ type: "connect", mqtt: mqttUrl }, () => undefined);
      await Promise.race([ready, failed]);
      return house;
    },
    close,
  };
};
