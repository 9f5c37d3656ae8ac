import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { mosquittoPath, startMosquitto } from "../support/mosquitto.ts";
import { killAtMoments, seededMoments } from "../support/stack-kills.ts";

const ROUNDS = 12;

const counts: string[] = [];
afterAll(() => console.log(["kills of the whole stack:", ...counts].join("\n  ")));

const emptyDirectory = (): string => {
  const data = mkdtempSync(join(tmpdir(), "house-"));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  return data;
};

const expectNoLoss = async (broker: string, mqtt: readonly string[]): Promise<void> => {
  const moments = seededMoments(ROUNDS);

  const reports = await killAtMoments({ data: emptyDirectory(), mqtt, moments });

  for (const [i, { accepted, notInShadow, notInAudit }] of reports.entries()) {
    expect({ notInShadow, notInAudit }).toEqual({ notInShadow: [], notInAudit: [] });
    counts.push(`${broker}, after ${moments[i]} of goodnight: ${accepted} accepted, nothing lost`);
  }
};

// REQ: restart-loses-nothing
test("killed at many moments of goodnight, the stack has lost nothing that was accepted", async () => {
  await expectNoLoss("the embedded broker", ["--mqtt-port", "0"]);
});

// REQ: restart-loses-nothing
test.skipIf(mosquittoPath === undefined)(
  "behind mosquitto, which survives the kill, it has lost nothing either (needs Debian's mosquitto)",
  async () => {
    const broker = await startMosquitto();
    onTestFinished(() => broker.close());

    await expectNoLoss("mosquitto", ["--mqtt-broker", broker.url]);
  },
);
