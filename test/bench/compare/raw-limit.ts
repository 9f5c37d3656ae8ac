import { join } from "node:path";
import { startCore } from "../mqtt/core.ts";
import { closeHouse, openHouse, RAW, round } from "../mqtt/exchange.ts";
import type { MeasuredHouse, Size } from "./measured-house.ts";

/** The same commands and answers over MQTT alone, on a broker of its own: nobody decides, keeps or records anything. */
export const startRawLimit = async (
  scratch: string,
  { devices, scenes }: Size,
  latencyMs: number,
): Promise<Pick<MeasuredHouse, "run" | "close">> => {
  const core = await startCore(join(scratch, "raw.sqlite"), "embedded");
  const house = await openHouse(core.url, RAW, devices * scenes, latencyMs);
  let rounds = 0;
  return {
    run: async (scene) => {
      rounds += 1;
      const part = { first: scene * devices, size: devices };
      return Math.max(...(await round(house, RAW, part, String(rounds))));
    },
    close: async () => {
      await closeHouse(house);
      await core.close();
    },
  };
};
