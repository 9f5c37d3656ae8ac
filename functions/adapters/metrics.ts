import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Measure } from "#domain/measures.ts";

// The namespace is a variable of the function's environment, as is the service where none is named.
const metricsOf = new Map<string | undefined, Metrics>();

const metricsFor = (service: string | undefined): Metrics => {
  const known = metricsOf.get(service);
  if (known !== undefined) return known;
  const metrics = new Metrics(service === undefined ? {} : { serviceName: service });
  metricsOf.set(service, metrics);
  return metrics;
};

/**
 * Numbers of a moment, as lines that CloudWatch makes metrics of: no call, and no permission. A line for each dimension.
 * @param service whose numbers they are, where not the function's own
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const publishMeasures = (measures: readonly Measure[], service?: string): void => {
  const metrics = metricsFor(service);
  const lines = Map.groupBy(measures, ({ by }) => JSON.stringify(by));
  for (const line of lines.values()) {
    for (const [dimension, value] of Object.entries(line[0]?.by ?? {})) {
      metrics.addDimension(dimension, value);
    }
    for (const { name, unit, value } of line) metrics.addMetric(name, MetricUnit[unit], value);
    metrics.publishStoredMetrics();
  }
};
