import { aws_cloudwatch as cloudwatch, Duration } from "aws-cdk-lib";
import type { MeasureName } from "#domain/measures.ts";

/** What an alarm looks at unless it says otherwise. */
export const FIVE_MINUTES = Duration.minutes(5);

/** What a function of the stack counts, as it stands in CloudWatch. */
export const measured = (
  namespace: string,
  service: string,
  name: MeasureName,
  statistic: string,
  {
    by = {},
    period = FIVE_MINUTES,
  }: { readonly by?: Readonly<Record<string, string>>; readonly period?: Duration } = {},
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace,
    metricName: name,
    dimensionsMap: { service, ...by },
    statistic,
    period,
  });

/** A metric of AWS's own, summed. */
export const summed = (
  namespace: string,
  metricName: string,
  dimensionsMap: Readonly<Record<string, string>>,
  period: Duration = FIVE_MINUTES,
): cloudwatch.Metric =>
  new cloudwatch.Metric({ namespace, metricName, dimensionsMap, statistic: "Sum", period });

/**
 * Several metrics as one number. Most of them have no data where nothing happened, and some never had any: SUM of a list
 * takes those that there are, where `+` would know nothing as long as one of them is unknown.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions
 */
export const together = (
  label: string,
  metrics: readonly cloudwatch.IMetric[],
  period: Duration = FIVE_MINUTES,
): cloudwatch.MathExpression => {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new cloudwatch.MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).join(", ")}])`,
    usingMetrics,
    label,
    period,
  });
};
