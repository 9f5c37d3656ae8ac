import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import demoHome from "#house/demo-home.json" with { type: "json" };
import { type House, startHouse } from "#house/simulated/house.ts";
import { type Backend, commandOf, connectBackend, eventually } from "./backend.ts";

const PLACE = { home: parseHomeId("home"), thingPrefix: "" } as const;
const { devices } = parseHome(demoHome, PLACE);
const isThere = spawnSync("mosquitto", ["-h"]).error === undefined;

let mosquitto: ChildProcess | undefined;
let backend: Backend | undefined;
let house: House | undefined;

afterEach(async () => {
  await house?.close();
  await backend?.close();
  if (mosquitto === undefined) return;
  const exited = once(mosquitto, "exit");
  mosquitto.kill("SIGTERM");
  await exited;
});

/** mosquitto chooses no port by itself. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

test.skipIf(!isThere)(
  "the devices keep their contract on a broker that nobody here wrote (needs mosquitto)",
  async () => {
    const port = await freePort();
    mosquitto = spawn("mosquitto", ["-p", String(port)], { stdio: "ignore" });
    const url = `mqtt://127.0.0.1:${port}`;
    backend = await connectBackend(url);
    house = await startHouse({
      mqttUrl: url,
      devices,
      initial: demoHome.initial,
      latencyMs: () => 5,
    });

    for (const { thing } of devices) {
      await backend.delta(thing, { command: commandOf("run_a") });
    }
    await backend.delta("home-front_door", { lock: { locked: true }, command: commandOf("run_b") });

    await eventually(() => backend?.answerOrder()).toHaveLength(15);
    expect(backend.answers("home-front_door")[1]).toMatchObject({
      lock: { locked: true },
      online: true,
      command: { id: "run_b.0", status: "SUCCEEDED", reason: null },
    });
    await house.close();
    await eventually(() => backend?.reports("home-front_door").at(-1)?.online).toBe(false);
    expect(backend.seen("smarthome/home-front_door/last-will")).toEqual([]);
  },
);
