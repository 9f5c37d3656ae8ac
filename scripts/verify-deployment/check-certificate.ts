import { setTimeout as pause } from "node:timers/promises";
import type { Check } from "./check.ts";
import { NOTHING_TO_CHECK } from "./check.ts";
import { Fault, fault, well } from "./finding.ts";
import { connectLamp, type Lamp, type LampDoor } from "./lamp.ts";
import { shadowUntil } from "./shadow.ts";
import { made, type Visit } from "./visit.ts";

// What was just attached is known to every broker of AWS's within seconds.
const TRIES = 5;
const BETWEEN_MS = 2_000;

/** The lamp connects by its certificate, as itself and as nobody else, and its shadow has its report. */
export const checkCertificate: Check = {
  name: "certificate over mqtt",
  needs: ["throw-away home"],
  look: async (visit) => {
    const { thing } = visit;
    const { door, byCertificate } = await doorOf(visit);
    visit.lamp = await letIn(() => connectLamp(thing, door));
    const shadow = await shadowUntil(visit, ({ reported }) => reported.online === true);
    if (shadow.reported.online !== true) {
      return fault(
        "ReportLost",
        `The lamp reported over MQTT, and its shadow does not say so: ${JSON.stringify(shadow.reported)}.`,
        "Compare the device policy with infra/aws/device-policy.ts: it must let the thing publish to its own shadow's update.",
      );
    }
    if (!byCertificate) {
      return {
        code: NOTHING_TO_CHECK,
        summary: `The lamp is connected at ${door.url}, which asks for no certificate.`,
        fix: "Start the house with --lan, and devices connect by certificate over TLS.",
      };
    }
    const stranger = `${thing}_else`;
    const intruder = await connectLamp(stranger, door).catch(() => undefined);
    if (intruder !== undefined) {
      await intruder.leave();
      return fault(
        "AnybodyLetIn",
        `The lamp's certificate let somebody in as ${stranger}, which is another thing.`,
        "The device policy must allow iot:Connect to the thing's own name alone, and only while it is attached.",
      );
    }
    return well(
      `${thing} is let in at ${door.url} by its certificate, and nobody else is with it.`,
    );
  },
};

const doorOf = async (
  visit: Visit,
): Promise<{ readonly door: LampDoor; readonly byCertificate: boolean }> => {
  const { registry } = visit;
  const url = await registry.secureUrl();
  if (url !== undefined) {
    return { door: { url, files: made(visit.files, "certificate") }, byCertificate: true };
  }
  if (registry.plainUrl !== undefined) {
    return { door: { url: registry.plainUrl }, byCertificate: false };
  }
  throw new Fault(
    "NoDoor",
    "The stack names no address where devices connect.",
    "See what iot:DescribeEndpoint answers for iot:Data-ATS.",
  );
};

const letIn = async (connect: () => Promise<Lamp>): Promise<Lamp> => {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await connect();
    } catch (error) {
      if (left === 1) throw error;
      await pause(BETWEEN_MS);
    }
  }
};
