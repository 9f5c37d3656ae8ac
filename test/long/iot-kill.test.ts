import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { killAndLook } from "../local/iot/kill.ts";
import { scratchDirectory } from "../local/iot/support.ts";
import { mosquittoPath, startMosquitto } from "../support/mosquitto.ts";

const counts: string[] = [];
afterAll(() => console.log(["kills of the IoT core:", ...counts].join("\n  ")));

describe("killed at any moment the core has lost nothing that a device was told is accepted", () => {
  test.for(Array.from({ length: 8 }, (_each, index) => 1 + index ** 3 * 5))(
    "after %i updates",
    async (killAt) => {
      const scratch = scratchDirectory();

      const report = await killAndLook({
        file: join(scratch.path, "iot.sqlite"),
        broker: "embedded",
        devices: 10,
        killAt,
      });

      counts.push(
        `at ${killAt}: ${report.accepted} accepted, ${report.afterRestart} records written after the restart, nothing lost`,
      );
      expect(report.lostUpdates).toEqual([]);
      expect(report.lostRecords).toEqual([]);
      scratch.remove();
    },
  );

  test.skipIf(mosquittoPath === undefined)(
    "behind mosquitto (needs Debian's mosquitto)",
    async () => {
      const scratch = scratchDirectory();
      const broker = await startMosquitto();

      const report = await killAndLook({
        file: join(scratch.path, "iot.sqlite"),
        broker: broker.url,
        devices: 10,
        killAt: 500,
      });

      expect(report.lostUpdates).toEqual([]);
      expect(report.lostRecords).toEqual([]);
      await broker.close();
      scratch.remove();
    },
  );
});
