import {
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_sns as sns,
  type aws_stepfunctions as stepfunctions,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { CAPABILITIES, DEVICE_KINDS } from "#domain/home/vocabulary.ts";
import { FIVE_MINUTES, measured, together } from "./metrics.ts";
import { ToldAlarm } from "./told-alarm.ts";

const HALF_AN_HOUR = Duration.minutes(30);

/** What rings when runs do not do what they should. */
export class RunAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    namespace: string,
    topic: sns.ITopic,
    runScene: stepfunctions.StateMachine,
  ) {
    super(scope, id);
    const ofWorkflow = { period: FIVE_MINUTES, statistic: "Sum" };
    new ToldAlarm(this, "RunsBroken", topic, {
      metric: together("broken runs", [
        runScene.metricFailed(ofWorkflow),
        runScene.metricTimedOut(ofWorkflow),
        runScene.metricAborted(ofWorkflow),
        runScene.metricThrottled(ofWorkflow),
      ]),
      above: 0,
      means: "A run was cut off, failed or was not let in",
    });
    new ToldAlarm(this, "RunsSwept", topic, {
      metric: measured(namespace, "sweep-runs", "RunsSwept", "Sum"),
      above: 0,
      // A sweeper that says nothing is one that does not run.
      silenceRings: true,
      means: "A run was cut off and ended by the sweeper, or nothing sweeps",
    });
    new ToldAlarm(this, "CommandsLeftStanding", topic, {
      metric: together("commands not taken back", [
        measured(namespace, "conclude-run", "NotWithdrawn", "Sum"),
        measured(namespace, "sweep-runs", "NotWithdrawn", "Sum"),
      ]),
      above: 0,
      means: "A command could not be taken back, and its device may still obey",
    });
    const ended = (outcome: string) =>
      measured(namespace, "conclude-run", "Runs", "Sum", { by: { outcome }, period: HALF_AN_HOUR });
    new ToldAlarm(this, "ManyUnconfirmed", topic, {
      metric: new cloudwatch.MathExpression({
        // In percent of all runs, and only where five or more say something.
        expression:
          "IF(SUM([done, partly, stopped, failed]) >= 5, 100 * SUM([partly, stopped, failed]) / SUM([done, partly, stopped, failed]), 0)",
        usingMetrics: {
          done: ended("done"),
          partly: ended("partly_done"),
          stopped: ended("stopped"),
          failed: ended("failed"),
        },
        label: "runs not done, in percent",
        period: HALF_AN_HOUR,
      }),
      above: 30,
      means: "Of five or more runs in half an hour three in ten were not done",
    });
    const byKind = DEVICE_KINDS.map((kind) => ({
      kind,
      windowMs: CAPABILITIES[kind].windowSeconds * 1000,
    }));
    new ToldAlarm(this, "SlowAcknowledgements", topic, {
      metric: new cloudwatch.MathExpression({
        // In percent of the kind's window; the slowest kind counts.
        expression: `MAX([${byKind
          .map(({ kind, windowMs }) => `${kind} / ${windowMs / 100}`)
          .join(", ")}])`,
        usingMetrics: Object.fromEntries(
          byKind.map(({ kind }) => [
            kind,
            measured(namespace, "conclude-run", "AcknowledgementLatency", "p95", { by: { kind } }),
          ]),
        ),
        label: "p95 of the slowest kind, in percent of its window",
        period: FIVE_MINUTES,
      }),
      above: 50,
      periods: 3,
      means: "For a quarter of an hour a kind of device has needed more than half its time",
    });
    new ToldAlarm(this, "AcknowledgementsLate", topic, {
      metric: measured(namespace, "conclude-run", "LateAcknowledgements", "Sum", {
        period: HALF_AN_HOUR,
      }),
      above: 4,
      means: "Devices answer, and later than their runs wait",
    });
  }
}
