import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Measure } from "#domain/measures.ts";

// Namespace and service are variables of the function's environment.
const own = new Metrics();

/**
 * Numbers of a moment, as lines that CloudWatch makes metrics of: no call, and no permission. A line for each dimension.
 * @param metrics with the name of the service whose numbers they are, where that is not the function's own
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const publishMeasures = (measures: readonly Measure[], metrics = own): void => {
  const lines = Map.groupBy(measures, ({ by }) => JSON.stringify(by));
  for (const line of lines.values()) {
    for (const [dimension, value] of Object.entries(line[0]?.by ?? {})) {
      metrics.addDimension(dimension, value);
    }
    for (const { name, unit, value } of line) metrics.addMetric(name, MetricUnit[unit], value);
    metrics.publishStoredMetrics();
  }
};
