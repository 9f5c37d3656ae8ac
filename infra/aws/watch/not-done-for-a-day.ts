import {
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_lambda as lambda,
  type aws_sns as sns,
} from "aws-cdk-lib";
import type { Construct } from "constructs";

const HOURS = 26;

/**
 * An alarm for daily work: it goes off when the function has not once ended well in 26 hours, be it that it failed or
 * that nobody called it.
 */
export const notDoneForADay = (
  scope: Construct,
  id: string,
  worker: lambda.IFunction,
  { topicArn }: sns.ITopic,
): void => {
  const period = Duration.hours(1);
  const calls = worker.metricInvocations({ period, statistic: "Sum" });
  const errors = worker.metricErrors({ period, statistic: "Sum" });
  const alarm = new cloudwatch.Alarm(scope, id, {
    alarmDescription: `Daily work was not done for ${HOURS} hours: infra/aws/watch/runbook.md#${id.toLowerCase()}`,
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
  alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
  alarm.addOkAction({ bind: () => ({ alarmActionArn: topicArn }) });
};
