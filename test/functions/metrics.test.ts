import { Metrics } from "@aws-lambda-powertools/metrics";
import { afterEach, expect, test, vi } from "vitest";
import { parseMetricLine } from "#local/lambda/metric-line.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  vi.stubEnv("POWERTOOLS_METRICS_NAMESPACE", "SmarthomeScenes-dev");
  vi.stubEnv("POWERTOOLS_SERVICE_NAME", "conclude-run");
});
// What its dependency reads when it is loaded is stubbed above.
const { publishMeasures } = await import("#adapters/metrics.ts");

afterEach(() => {
  vi.restoreAllMocks();
});

// REQ: measures
test("measures become one line for each dimension, and CloudWatch makes these metrics of them", () => {
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });

  publishMeasures([
    { name: "Runs", value: 1, unit: "Count", by: { outcome: "done" } },
    { name: "AcknowledgementLatency", value: 420, unit: "Milliseconds", by: { kind: "light" } },
    { name: "AcknowledgementLatency", value: 380, unit: "Milliseconds", by: { kind: "light" } },
    { name: "NotWithdrawn", value: 0, unit: "Count" },
    { name: "CommandsWithdrawn", value: 2, unit: "Count" },
  ]);

  const metrics = printed
    .flatMap((line) => parseMetricLine(line))
    .map(({ namespace, name, unit, dimensions, values }) => [
      namespace,
      name,
      unit,
      JSON.stringify(dimensions),
      values,
    ]);
  const conclude = '{"service":"conclude-run"';
  expect(metrics).toEqual([
    ["SmarthomeScenes-dev", "Runs", "Count", `${conclude},"outcome":"done"}`, [1]],
    [
      "SmarthomeScenes-dev",
      "AcknowledgementLatency",
      "Milliseconds",
      `${conclude},"kind":"light"}`,
      [420, 380],
    ],
    ["SmarthomeScenes-dev", "NotWithdrawn", "Count", `${conclude}}`, [0]],
    ["SmarthomeScenes-dev", "CommandsWithdrawn", "Count", `${conclude}}`, [2]],
  ]);
});

test("numbers of another service have its name, and the function's own keep theirs", () => {
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });

  publishMeasures(
    [{ name: "NotWithdrawn", value: 0, unit: "Count" }],
    new Metrics({ serviceName: "another" }),
  );
  publishMeasures([{ name: "NotWithdrawn", value: 0, unit: "Count" }]);

  expect(printed.flatMap((line) => parseMetricLine(line)).map((one) => one.dimensions)).toEqual([
    { service: "another" },
    { service: "conclude-run" },
  ]);
});
