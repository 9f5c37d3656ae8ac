import { expect, test } from "vitest";
import { readMeasured } from "../../../scripts/cell-size/measured.ts";
import {
  canaryCost,
  monthlyLines,
  OWN_METRICS,
  STANDING,
  SWEEPER,
} from "../../../scripts/cell-size/standing-cost.ts";
import {
  objectsOf,
  propertiesOf,
  resourcesOf,
  synthesizedTemplate,
  type Template,
} from "../../infra/aws/synthesized.ts";

/** What an alarm is paid for by: the metrics that it looks at. */
const alarmMetricsOf = (template: Template): number =>
  [...resourcesOf(template, "AWS::CloudWatch::Alarm").values()].reduce(
    (sum, { Metrics }) =>
      sum +
      (Metrics === undefined
        ? 1
        : objectsOf(Metrics).filter(({ MetricStat }) => MetricStat !== undefined).length),
    0,
  );

test("what stands in the template is what is paid for", () => {
  const template = synthesizedTemplate();
  const withCanary = synthesizedTemplate({ canary: true });

  const count = (type: string): number => resourcesOf(template, type).size;
  expect({
    alarmMetrics: alarmMetricsOf(template),
    dashboards: count("AWS::CloudWatch::Dashboard"),
    keys: count("AWS::KMS::Key"),
    secrets: count("AWS::SecretsManager::Secret"),
    machineClients: [...resourcesOf(template, "AWS::Cognito::UserPoolClient").values()].filter(
      ({ AllowedOAuthFlows }) => JSON.stringify(AllowedOAuthFlows) === '["client_credentials"]',
    ).length,
    canaryAlarmMetrics: alarmMetricsOf(withCanary) - alarmMetricsOf(template),
  }).toEqual(STANDING);
  expect(OWN_METRICS).toBe(27);
});

test("a month of one home is mostly what stands, of ten thousand mostly the homes", () => {
  const lines = monthlyLines(readMeasured());

  const total = (homes: number) => lines.reduce((sum, { dollars }) => sum + dollars(homes), 0);
  const [ofHomes] = lines;
  expect((ofHomes?.dollars(1) ?? 0) / total(1)).toBeLessThan(0.05);
  expect((ofHomes?.dollars(10_000) ?? 0) / total(10_000)).toBeGreaterThan(0.9);
  // 2,880 tokens of a machine alone are $6.48.
  expect(canaryCost(readMeasured())).toBeGreaterThan(6.48);
  expect(canaryCost(readMeasured())).toBeLessThan(12);
});

test("the sweeper costs cents, of one home as of ten thousand, by what its function has and asks for", () => {
  const sweeper = monthlyLines(readMeasured()).find(({ what }) => what.startsWith("sweeper"));

  const cents = (homes: number) => Math.round(100 * (sweeper?.dollars(homes) ?? 0));
  expect([1, 100, 10_000].map(cents)).toEqual([21, 21, 49]);
  expect(SWEEPER).toEqual({ memoryMb: 256, queries: 16, looksAtARun: 6 });
  expect(propertiesOf(synthesizedTemplate(), "RunSweeperSweepRunsFunction").MemorySize).toBe(256);
});
