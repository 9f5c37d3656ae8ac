import { expect, test } from "vitest";
import { isMetricLine, parseMetricLine } from "#local/lambda/metric-line.ts";

const LINE = {
  _aws: {
    Timestamp: 1_767_391_200_000,
    CloudWatchMetrics: [
      {
        Namespace: "SmarthomeScenes",
        Dimensions: [["service", "outcome"]],
        Metrics: [{ Name: "Runs", Unit: "Count" }],
      },
    ],
  },
  service: "conclude-run",
  outcome: "done",
  Runs: 1,
};

const changed = (change: (line: Record<string, unknown>) => void): string => {
  const line = structuredClone(LINE) as unknown as Record<string, unknown>;
  change(line);
  return JSON.stringify(line);
};

const directive = (changes: object) => ({
  _aws: {
    Timestamp: 1_767_391_200_000,
    CloudWatchMetrics: [{ ...LINE._aws.CloudWatchMetrics[0], ...changes }],
  },
});

test("a line in the embedded metric format is read as the metrics that CloudWatch makes of it", () => {
  const metrics = parseMetricLine(JSON.stringify(LINE));

  expect(metrics).toEqual([
    {
      at: 1_767_391_200_000,
      namespace: "SmarthomeScenes",
      name: "Runs",
      unit: "Count",
      dimensions: { service: "conclude-run", outcome: "done" },
      values: [1],
    },
  ]);
});

test("several values of one metric are kept as they are", () => {
  const line = changed((one) => {
    one.Runs = [1, 2, 3];
  });

  expect(parseMetricLine(line).map(({ values }) => values)).toEqual([[1, 2, 3]]);
});

test("a line of a log that is not alone an object is none of metrics", () => {
  expect([
    isMetricLine(JSON.stringify(LINE)),
    // As console.log writes it in Lambda's text format: CloudWatch makes nothing of it.
    isMetricLine(`2026-01-02T22:00:00.000Z\tid\tINFO\t${JSON.stringify(LINE)}`),
    isMetricLine('{"level":"INFO","message":"A call was refused"}'),
  ]).toEqual([true, false, false]);
});

test.each([
  ["no time", { _aws: { CloudWatchMetrics: [] } }, "_aws.Timestamp is no number of milliseconds."],
  ["no directives", { _aws: { Timestamp: 1 } }, "_aws.CloudWatchMetrics is no list."],
  ["no namespace", directive({ Namespace: "" }), "Namespace is no text of 1 to 1024 characters."],
  [
    "a dimension without a value",
    directive({ Dimensions: [["service", "kind"]] }),
    "the dimension kind has no text as its value.",
  ],
  [
    "a unit that CloudWatch does not know",
    directive({ Metrics: [{ Name: "Runs", Unit: "Fortnights" }] }),
    'the unit of Runs is "Fortnights".',
  ],
  ["a text as a value", { Runs: "many" }, 'Runs has "many" as a value.'],
  [
    "more values than one line may hold",
    { Runs: Array.from({ length: 101 }, () => 1) },
    "Runs has more than 100 values.",
  ],
  [
    "more dimensions than a metric may have",
    directive({ Dimensions: [Array.from({ length: 31 }, (_, n) => `d${n}`)] }),
    "it has more than 30 dimensions.",
  ],
])("%s: it is told that CloudWatch would make nothing of the line", (_, changes, why) => {
  const line = JSON.stringify({ ...LINE, ...changes });

  expect(() => parseMetricLine(line)).toThrow(why);
});
