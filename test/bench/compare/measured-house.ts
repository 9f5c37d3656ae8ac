import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoints } from "../../../scripts/command/endpoints.ts";
import { machineToken } from "../../../scripts/command/home-client.ts";
import type { Checkout } from "./checkout.ts";
import { type Child, startChild } from "./child.ts";
import { costOfHouse, cpuMsOf, type HouseCost } from "./process-cost.ts";

const HOUSE = join(import.meta.dirname, "house-main.ts");
const DEVICES = join(import.meta.dirname, "devices-main.ts");

/** A house of lights with scenes that turn `devices` of them off each, no light in two scenes. */
export interface Size {
  readonly devices: number;
  readonly scenes: number;
}

/** A house of one checkout, its devices and its client, measured. */
export interface MeasuredHouse {
  readonly checkout: Checkout;
  /** From the start of the process until the house is up, without devices. */
  readonly startMs: number;
  /** Runs a scene by its number, from 0. @throws Error when it is not done. Gives the milliseconds that it took. */
  run(scene: number): Promise<number>;
  cost(): HouseCost & { readonly devicesCpuMs: number };
  /** Gives the devices another latency. */
  setLatency(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a house in an empty folder below `scratch`. */
export const startMeasuredHouse = async (
  checkout: Checkout,
  { assembly, scratch, size }: { assembly: string; scratch: string; size: Size },
): Promise<MeasuredHouse> => {
  const data = mkdtempSync(join(scratch, "house-"));
  const homeFile = join(data, "lights.json");
  writeFileSync(homeFile, JSON.stringify(await homeOf(checkout, size)));
  const beganMs = performance.now();
  const house = await startChild(
    HOUSE,
    [checkout.root, assembly, join(data, "d"), homeFile],
    checkout.root,
  );
  const startMs = performance.now() - beganMs;
  const { gateway, cognito, mqtt } = endpointsOf(house.ready);
  const count = String(size.devices * size.scenes);
  const devicesOf = (ms: number): Promise<Child> =>
    startChild(DEVICES, [checkout.root, mqtt.url, count, String(ms)], checkout.root);
  let devices = await devicesOf(0);
  const token = await machineToken({ gateway, cognito });
  let id = 0;
  return {
    checkout,
    startMs,
    run: async (scene) => {
      id += 1;
      const startedMs = performance.now();
      const answer = await callTool(gateway.url, token, id, { scene: sceneId(scene) });
      const tookMs = performance.now() - startedMs;
      if (!answer.includes('"result":"done"')) throw new Error(`${checkout.root}: ${answer}`);
      return tookMs;
    },
    cost: () => ({ ...costOfHouse(house.pid), devicesCpuMs: cpuMsOf(devices.pid) }),
    setLatency: async (ms) => {
      await devices.close();
      devices = await devicesOf(ms);
    },
    close: async () => {
      await devices.close();
      await house.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
};

const sceneId = (scene: number): string => `off_${scene}`;

const homeOf = async (checkout: Checkout, size: Size): Promise<unknown> => {
  const devices = await checkout.lights(size.devices * size.scenes);
  const scenes = Array.from({ length: size.scenes }, (_, scene) => {
    const own = devices.slice(scene * size.devices, (scene + 1) * size.devices);
    const wanted = Object.fromEntries(own.map((one) => [one.id, { light: { on: false } }]));
    const id = sceneId(scene);
    return { id, name: `Off ${scene}`, version: 1, stages: [{ name: "all off", devices: wanted }] };
  });
  return { devices, scenes };
};

/** The endpoints that a house has said. */
export const endpointsOf = (ready: unknown): Endpoints =>
  (ready as { readonly endpoints: Endpoints }).endpoints;

/** One tools/call as any MCP client sends it; the text of its answer. */
const callTool = async (
  url: string,
  token: string,
  id: number,
  args: Readonly<Record<string, unknown>>,
): Promise<string> => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-06-18",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "home___run_scene", arguments: args },
    }),
  });
  return response.text();
};
