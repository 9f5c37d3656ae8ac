import { aws_cloudwatch as cloudwatch, Duration, aws_sns as sns, Validations } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { StackSettings } from "./stack-settings.ts";

const MINUTES = Duration.minutes(5);

/** What the sealer's numbers ring for, and the topic that tells: whoever looks after the stack subscribes to it. */
export class LogAlarms extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, { names }: StackSettings) {
    super(scope, id);
    this.topic = new sns.Topic(this, "Topic", { displayName: `${names.stack} alarms` });
    Validations.of(this.topic).acknowledge({
      id: "AwsSolutions::AwsSolutions-SNS3",
      reason: "CloudWatch alone publishes here, over TLS, and what it says is no secret.",
    });
    const metric = (metricName: string, statistic: string, period = MINUTES) =>
      new cloudwatch.Metric({
        namespace: names.stack,
        metricName,
        dimensionsMap: { service: "seal-records" },
        statistic,
        period,
      });
    this.alarm("LogBehind", {
      metric: metric("SealLag", "Maximum"),
      threshold: 300,
      evaluationPeriods: 2,
      // A sealer that says nothing is one that does not run.
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      alarmDescription:
        "Records wait longer than five minutes for their entry, or nothing seals: infra/aws/runbook.md#logbehind",
    });
    this.alarm("RecordsUnsealed", {
      metric: metric("Unsealed", "Minimum"),
      threshold: 0,
      evaluationPeriods: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription:
        "A log could not be sealed for a quarter of an hour: infra/aws/runbook.md#recordsunsealed",
    });
    this.alarm("SealedLate", {
      metric: metric("LateSealed", "Sum", Duration.hours(1)),
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription:
        "The look back found records that no pass had found: infra/aws/runbook.md#sealedlate",
    });
  }

  private alarm(
    id: string,
    props: Pick<
      cloudwatch.AlarmProps,
      "metric" | "threshold" | "evaluationPeriods" | "treatMissingData" | "alarmDescription"
    >,
  ): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      ...props,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    });
    const { topicArn } = this.topic;
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
    alarm.addOkAction({ bind: () => ({ alarmActionArn: topicArn }) });
  }
}
