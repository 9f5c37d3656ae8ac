import { expect, onTestFinished, test } from "vitest";
import { findMqttBroker } from "../../../scripts/start/mqtt-broker.ts";
import { startJourney } from "../../support/journey.ts";
import { startMosquitto } from "../../support/mosquitto.ts";

// REQ: start-refused-in-one-line
// REQ: other-broker
test("a broker that a house uses is refused to a second house, and one that no house uses is taken", async () => {
  const house = await startJourney();
  onTestFinished(() => house.close());
  const free = await startMosquitto();
  onTestFinished(() => free.close());

  const second = findMqttBroker(house.mosquitto?.url ?? "");

  await expect(second).rejects.toThrow(
    `A house already uses the MQTT broker at ${house.mosquitto?.url}. Stop it, or give this one another broker with --mqtt-broker URL.`,
  );
  expect(await findMqttBroker(free.url)).toBe(free.url);
});
