import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetThingShadowCommand, UpdateThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { afterEach, describe, expect, test } from "vitest";
import { openDatabase } from "#local/iot/database/database.ts";
import { mosquittoPath, startMosquitto } from "../../support/mosquitto.ts";
import { killAndLook } from "./kill.ts";
import { containing } from "./matchers.ts";
import { scratchDirectory, startIotBench } from "./support.ts";

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});
const scratchFile = (): string => {
  const scratch = scratchDirectory();
  cleanUp.push(scratch.remove);
  return join(scratch.path, "iot.sqlite");
};

describe("a killed core", () => {
  test("has lost nothing that a device was told is accepted, neither in the shadow nor in the table", async () => {
    const report = await killAndLook({
      file: scratchFile(),
      broker: "embedded",
      devices: 5,
      killAt: 300,
    });

    expect(report.lostUpdates).toEqual([]);
    expect(report.lostRecords).toEqual([]);
    expect(report.accepted).toBeGreaterThanOrEqual(300);
    expect(report.afterRestart).toBeGreaterThan(0);
  });

  test.skipIf(mosquittoPath === undefined)(
    "behind mosquitto has lost nothing either (needs Debian's mosquitto)",
    async () => {
      const broker = await startMosquitto();
      cleanUp.push(broker.close);

      const report = await killAndLook({
        file: scratchFile(),
        broker: broker.url,
        devices: 5,
        killAt: 300,
      });

      expect(report.lostUpdates).toEqual([]);
      expect(report.lostRecords).toEqual([]);
    },
  );
});

describe("the file", () => {
  test("keeps shadows over a restart, names, times, versions and deletions too", async () => {
    const file = scratchFile();
    const thingName = "lamp";
    const first = await startIotBench({ file, nowMs: () => 1_700_000_000_000 });
    for (const payload of [
      '{"state":{"desired":{"on":true}}}',
      '{"state":{"reported":{"on":true}}}',
    ]) {
      await first.dataPlane.send(new UpdateThingShadowCommand({ thingName, payload }));
      await first.dataPlane.send(
        new UpdateThingShadowCommand({ thingName, shadowName: "n", payload }),
      );
    }
    await first.close();

    const second = await startIotBench({ file, nowMs: () => 1_700_000_100_000 });
    cleanUp.push(second.close);
    const shadow = await second.dataPlane.send(
      new GetThingShadowCommand({ thingName, shadowName: "n" }),
    );

    expect(JSON.parse(Buffer.from(shadow.payload ?? []).toString())).toEqual({
      state: { desired: { on: true }, reported: { on: true } },
      metadata: {
        desired: { on: { timestamp: 1_700_000_000 } },
        reported: { on: { timestamp: 1_700_000_000 } },
      },
      version: 2,
      timestamp: 1_700_000_100,
    });
  });

  test.for([
    ["text", (file: string) => writeFileSync(file, "this is not a database".repeat(100))],
    [
      "a database that was cut off",
      (file: string) => {
        openDatabase(file).close();
        writeFileSync(file, readFileSync(file).subarray(0, 5000));
      },
    ],
  ] as const)("that is %s is one clear error", async ([, damage]) => {
    const file = scratchFile();
    damage(file);

    await expect(startIotBench({ file })).rejects.toMatchObject({
      code: "DataDamaged",
      message: containing(file),
    });
  });

  test("belongs to one process at a time", async () => {
    const file = scratchFile();
    const first = await startIotBench({ file });
    cleanUp.push(first.close);

    await expect(startIotBench({ file })).rejects.toMatchObject({ code: "AlreadyRunning" });
  });

  test("of a later version of this stack is not touched", async () => {
    const file = scratchFile();
    const database = openDatabase(file);
    database.prepare("PRAGMA user_version = 99").run();
    database.close();

    await expect(startIotBench({ file })).rejects.toMatchObject({ code: "DataNewer" });
  });

  test("that is full is an error of this turn, and nothing of it is told or kept", async () => {
    const database = openDatabase(":memory:");
    cleanUp.push(() => database.close());
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    const insert = database.prepare("INSERT INTO thing VALUES (?, '', 1, ?)");
    database.prepare("PRAGMA max_page_count = 20").get();

    database.write(insert, "small", "{}");
    database.write(insert, "large", "x".repeat(1_000_000));
    database.settle(resolve);

    expect(await promise).toBeInstanceOf(Error);
    expect(database.rows(database.prepare("SELECT * FROM thing"))).toEqual([]);
  });
});

test("a shadow update that comes after the end is answered 500, and harms nobody", async () => {
  const bench = await startIotBench();
  cleanUp.push(bench.close);
  const thingName = "lamp";
  const payload = '{"state":{"reported":{"on":true}}}';
  await bench.dataPlane.send(new UpdateThingShadowCommand({ thingName, payload }));
  await bench.iot.close();

  const sent = bench.dataPlane.send(new UpdateThingShadowCommand({ thingName, payload }));

  await expect(sent).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
});
