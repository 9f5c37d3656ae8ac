import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

// Namespace and service are variables of the function's environment.
const metrics = new Metrics();

/**
 * Numbers of a moment, as lines that CloudWatch makes metrics of: no call, and no permission.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const publishMetrics = (
  values: Readonly<Record<string, { readonly value: number; readonly unit: "Count" | "Seconds" }>>,
): void => {
  for (const [name, { value, unit }] of Object.entries(values)) {
    metrics.addMetric(name, MetricUnit[unit], value);
  }
  metrics.publishStoredMetrics();
};
