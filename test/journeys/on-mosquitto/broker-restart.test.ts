import { GetThingShadowCommand, IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { expect, onTestFinished, test } from "vitest";
import { type Journey, startJourney } from "../../support/journey.ts";
import type { Mosquitto } from "../../support/mosquitto.ts";

type Item = Readonly<Record<string, unknown>>;

const houseOnMosquitto = async (faults?: string): Promise<[Journey, Mosquitto]> => {
  const house = await startJourney(faults === undefined ? {} : { faults });
  onTestFinished(() => house.close());
  if (house.mosquitto === undefined) throw new Error("this project gives no mosquitto");
  return [house, house.mosquitto];
};

/** The version of each shadow: it grows with every report. */
const versions = async ({ home }: Journey): Promise<readonly number[]> => {
  const { endpoint, region, credentials } = home.stack.aws;
  const iot = new IoTDataPlaneClient({ endpoint, region, credentials });
  const shadows = await Promise.all(
    DEVICES.map((device) => iot.send(new GetThingShadowCommand({ thingName: `home-${device}` }))),
  );
  iot.destroy();
  return shadows.map(
    ({ payload }) =>
      (JSON.parse(Buffer.from(payload ?? []).toString()) as { readonly version: number }).version,
  );
};

const DEVICES = [
  ...["hall_lamp", "front_door", "garage_door", "alarm", "thermostat", "television"],
  ...["living_room_lamp", "living_room_ceiling", "living_room_blinds", "kitchen_light"],
  ...["coffee_machine", "bedroom_lamp", "bedside_lamp", "bedroom_blinds"],
];

const devicesAreBack = async (house: Journey, before: readonly number[]): Promise<void> => {
  await expect
    .poll(
      async () => (await versions(house)).filter((version, i) => version > (before[i] ?? 0)).length,
      { timeout: 20_000 },
    )
    .toBe(14);
};

// REQ: broker-comes-back
test.each(["SIGTERM", "SIGKILL"] as const)(
  "after a %s and a new start of the broker everybody is back, and goodnight is done and recorded",
  async (signal) => {
    const [house, mosquitto] = await houseOnMosquitto();
    const before = await versions(house);

    await mosquitto.stop(signal);
    await expect.poll(() => house.logged.join("\n")).toContain("is away; trying again");
    await mosquitto.start();
    await devicesAreBack(house, before);
    const result = await house.client.callTool("run_scene", { scene: "goodnight" });

    expect(result).toMatchObject({ result: "done", devices: 14 });
    const records = await house.auditOf(String(result.run_id));
    expect(records.filter((item) => String(item.SK).startsWith("ACK#"))).toHaveLength(14);
    expect(house.logged.filter((line) => line.includes("is back"))).toHaveLength(1);
    for (const device of DEVICES) {
      expect((await house.shadowOf(device)).reported, device).toMatchObject({ online: true });
    }
  },
);

// REQ: broker-comes-back
test("a scene while the broker is away sends nothing, says so, and nothing is sent when it is back", async () => {
  const [house, mosquitto] = await houseOnMosquitto();
  const before = await versions(house);
  const state = await house.shadowOf("front_door");
  await mosquitto.stop();

  const result = await house.client.callTool("run_scene", { scene: "goodnight" });
  await mosquitto.start();
  await devicesAreBack(house, before);

  expect(result).toMatchObject({ result: "stopped", confirmed: 0 });
  const outcomes = (result.devices_not_confirmed as readonly Item[]).map((one) => one.outcome);
  expect(outcomes.filter((outcome) => outcome === "not_sent")).toHaveLength(4);
  expect(outcomes.filter((outcome) => outcome === "not_reached")).toHaveLength(10);
  expect(await house.shadowOf("front_door")).toEqual(state);
  const next = await house.client.callTool("run_scene", { scene: "goodnight" });
  expect(next).toMatchObject({ result: "done" });
});

// REQ: broker-comes-back
test("a run that loses the broker half-way keeps what was confirmed; what a device did meanwhile shows when the broker is back", async () => {
  const [house, mosquitto] = await houseOnMosquitto("kitchen_light=slow:2500");
  const answers = await house.countMessages("$aws/things/+/shadow/update/accepted", (text) =>
    text.includes('"status":"SUCCEEDED"'),
  );
  const running = house.client.callTool("run_scene", {
    scene: "movie night",
    except: ["living room blinds", "television"],
  });
  await expect.poll(answers, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
  await mosquitto.stop();

  const result = await running;
  await mosquitto.start();

  expect(result.result).toBe("partly_done");
  expect(Number(result.confirmed) + Number(result.already_there)).toBeGreaterThan(0);
  expect(result.devices_not_confirmed).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ device: "kitchen_light", outcome: "timed_out" }),
    ]),
  );
  await expect
    .poll(async () => (await house.shadowOf("kitchen_light")).reported, { timeout: 20_000 })
    .toMatchObject({ light: { on: false }, online: true });
});
