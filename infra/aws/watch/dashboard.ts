import {
  type aws_bedrockagentcore as agentcore,
  aws_cloudwatch as cloudwatch,
  type aws_lambda as lambda,
  type aws_sqs as sqs,
  type aws_stepfunctions as stepfunctions,
} from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DEVICE_KINDS } from "#domain/home/vocabulary.ts";
import { RUN_ENDS } from "#domain/run/run-result.ts";
import { FIVE_MINUTES, measured, summed } from "./metrics.ts";

export interface StackDashboardProps {
  readonly namespace: string;
  readonly runScene: stepfunctions.StateMachine;
  readonly gateway: agentcore.Gateway;
  readonly functions: readonly lambda.IFunction[];
  readonly deadLetters: readonly sqs.Queue[];
}

/** The stack at a glance: what runs became of, how fast devices answer, and what they stand on. */
export class StackDashboard extends cloudwatch.Dashboard {
  constructor(scope: Construct, id: string, props: StackDashboardProps) {
    super(scope, id, { dashboardName: props.namespace });
    const { namespace, runScene, gateway, functions, deadLetters } = props;
    const counted = (name: Parameters<typeof measured>[2]) =>
      measured(namespace, "conclude-run", name, "Sum");
    const sum = { period: FIVE_MINUTES, statistic: "Sum" };
    this.addWidgets(
      graph("Runs by how they ended", [
        ...RUN_ENDS.map((outcome) =>
          measured(namespace, "conclude-run", "Runs", "Sum", { by: { outcome } }).with({
            label: outcome,
          }),
        ),
        runScene.metricFailed(sum),
        runScene.metricTimedOut(sum),
        measured(namespace, "sweep-runs", "RunsSwept", "Sum"),
      ]),
      graph(
        "Until devices acknowledge, p95 by kind, in milliseconds",
        DEVICE_KINDS.map((kind) =>
          measured(namespace, "conclude-run", "AcknowledgementLatency", "p95", {
            by: { kind },
          }).with({ label: kind }),
        ),
      ),
    );
    this.addWidgets(
      graph("What devices did not do", [
        counted("LateAcknowledgements"),
        counted("CommandsWithdrawn"),
        counted("NotWithdrawn"),
      ]),
      graph("Calls of the gateway", [
        gateway.metricInvocations(sum),
        gateway.metricUserErrors(sum),
        gateway.metricSystemErrors(sum),
        gateway.metricThrottles(sum),
      ]),
    );
    this.addWidgets(
      graph("Until the gateway answers, in milliseconds", [
        gateway.metricLatency({ period: FIVE_MINUTES, statistic: "p50", label: "p50" }),
        gateway.metricLatency({ period: FIVE_MINUTES, statistic: "p99", label: "p99" }),
      ]),
      graph("Functions that run at once, of the account", [
        summed("AWS/Lambda", "ConcurrentExecutions", {}).with({ statistic: "Maximum" }),
        summed("AWS/Lambda", "Throttles", {}),
      ]),
    );
    this.addWidgets(
      graph(
        "Calls that ended in an error",
        functions.map((one) => one.metricErrors(sum)),
      ),
      graph("What waits", [
        measured(namespace, "seal-records", "SealLag", "Maximum"),
        ...deadLetters.map((queue) =>
          queue.metricApproximateNumberOfMessagesVisible({
            period: FIVE_MINUTES,
            statistic: "Maximum",
          }),
        ),
      ]),
    );
  }
}

const graph = (title: string, left: readonly cloudwatch.IMetric[]): cloudwatch.GraphWidget =>
  new cloudwatch.GraphWidget({ title, left: [...left], width: 12, height: 6 });
