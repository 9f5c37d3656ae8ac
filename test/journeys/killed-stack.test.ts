import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { startProjectBroker } from "../support/project-broker.ts";
import { killAtMoments, seededMoments } from "../support/stack-kills.ts";

// REQ: restart-loses-nothing
// REQ: cut-off-run
test("killed in the middle of goodnight, the stack has lost no acknowledgement that was accepted, and does not call the run done", async () => {
  const data = mkdtempSync(join(tmpdir(), "house-"));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  cpSync(inject("assembly"), join(data, "cdk.out"), { recursive: true });
  const broker = await startProjectBroker();
  onTestFinished(() => broker?.close());
  const moments = seededMoments(4);

  const reports = await killAtMoments({
    data,
    mqtt: broker === undefined ? ["--mqtt-port", "0"] : ["--mqtt-broker", broker.url],
    moments,
  });

  expect(reports).toHaveLength(4);
  for (const [i, report] of reports.entries()) {
    expect(report, `killed after ${moments[i]}`).toMatchObject({ notInShadow: [], notInAudit: [] });
    expect(report.accepted).toBeGreaterThan(moments[i] ?? 0);
    expect(report.cutOff).toMatchObject({ result: "running", devices: 14 });
    expect(report.cutOff.say).toMatch(
      /^Goodnight is still running: \d+ of 14 devices confirmed so far/,
    );
    const [, told] = /^not concluded; (\d+) acknowledgements so far$/m.exec(report.audit) ?? [];
    expect(Number(told)).toBeGreaterThanOrEqual(Number(report.cutOff.acknowledged));
    expect(report.audit.match(/^\S+: \S+Z {2}run_\w+ {2}SUCCEEDED {2}/gm)).toHaveLength(
      Number(told),
    );
  }
}, 120_000);
