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
 * Several metrics as one number. Without FILL the sum is unknown where one of them is, and most of them are where nothing
 * happened.
 */
export const together = (
  label: string,
  metrics: readonly cloudwatch.IMetric[],
  period: Duration = FIVE_MINUTES,
): cloudwatch.MathExpression => {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new cloudwatch.MathExpression({
    expression: Object.keys(usingMetrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(" + "),
    usingMetrics,
    label,
    period,
  });
};
