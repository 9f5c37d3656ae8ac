import { aws_cloudwatch as cloudwatch, Duration, type aws_lambda as lambda } from "aws-cdk-lib";
import type { Construct } from "constructs";

const HOURS = 26;

/**
 * An alarm for daily work: it goes off when the function has not once ended well in 26 hours, be it that it failed or
 * that nobody called it. Whom it tells is the account's to say: it has no action of its own.
 */
export const notDoneForADay = (
  scope: Construct,
  id: string,
  worker: lambda.IFunction,
): cloudwatch.Alarm => {
  const period = Duration.hours(1);
  const calls = worker.metricInvocations({ period, statistic: "Sum" });
  const errors = worker.metricErrors({ period, statistic: "Sum" });
  return new cloudwatch.Alarm(scope, id, {
    alarmDescription: `Daily work was not done for ${HOURS} hours: see the log of the function.`,
    metric: new cloudwatch.MathExpression({
      // An hour without a call has no data at all.
      expression: "FILL(calls, 0) - FILL(errors, 0)",
      usingMetrics: { calls, errors },
      period,
      label: "ended well",
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    // Periods of an hour may reach back seven days.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
    evaluationPeriods: HOURS,
    datapointsToAlarm: HOURS,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
};
