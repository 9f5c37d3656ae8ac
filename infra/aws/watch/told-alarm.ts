import { aws_cloudwatch as cloudwatch, type aws_sns as sns } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** An alarm of this stack: what it watches, and when it rings. */
export interface ToldAlarmProps {
  readonly metric: cloudwatch.IMetric;
  /** It rings above this. */
  readonly above: number;
  /** Of the last so many periods … */
  readonly periods?: number;
  /** … so many must be above. All of them where absent. */
  readonly ofThem?: number;
  /** Does silence ring too? Only for what says something all the time. */
  readonly silenceRings?: boolean;
  /** What it means, in one sentence without its full stop. */
  readonly means: string;
}

/** An alarm that tells the topic when it begins and when it ends, and names its paragraph of the runbook. */
export class ToldAlarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, { topicArn }: sns.ITopic, props: ToldAlarmProps) {
    const { metric, above, periods = 1, ofThem = periods, silenceRings = false, means } = props;
    super(scope, id, {
      metric,
      threshold: above,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: ofThem,
      treatMissingData: silenceRings
        ? cloudwatch.TreatMissingData.BREACHING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `${means}: infra/aws/watch/runbook.md#${id.toLowerCase()}`,
    });
    const tell = { bind: () => ({ alarmActionArn: topicArn }) };
    this.addAlarmAction(tell);
    this.addOkAction(tell);
  }
}
