import { Duration, type aws_sns as sns } from "aws-cdk-lib";
import { Construct } from "constructs";
import { measured } from "./metrics.ts";
import { ToldAlarm } from "./told-alarm.ts";

/** What the sealer's numbers ring for. */
export class LogAlarms extends Construct {
  constructor(scope: Construct, id: string, namespace: string, topic: sns.ITopic) {
    super(scope, id);
    new ToldAlarm(this, "LogBehind", topic, {
      metric: measured(namespace, "seal-records", "SealLag", "Maximum"),
      above: 300,
      periods: 2,
      // A sealer that says nothing is one that does not run.
      silenceRings: true,
      means: "Records wait longer than five minutes for their entry, or nothing seals",
    });
    new ToldAlarm(this, "RecordsUnsealed", topic, {
      metric: measured(namespace, "seal-records", "Unsealed", "Minimum"),
      above: 0,
      periods: 3,
      means: "A log could not be sealed for a quarter of an hour",
    });
    new ToldAlarm(this, "SealedLate", topic, {
      metric: measured(namespace, "seal-records", "LateSealed", "Sum", {
        period: Duration.hours(1),
      }),
      above: 0,
      means: "The look back found records that no pass had found",
    });
  }
}
