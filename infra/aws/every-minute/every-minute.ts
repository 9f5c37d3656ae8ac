import {
  Duration,
  type aws_lambda as lambda,
  type Stack,
  aws_scheduler as scheduler,
} from "aws-cdk-lib";
import type { Construct } from "constructs";

/**
 * What the scheduler's role for something of the default group must be like: it must name the group; a schedule's own name
 * is refused. https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export const schedulerOfDefaultGroup = (stack: Stack) => ({
  service: "scheduler.amazonaws.com",
  conditions: {
    StringEquals: { "aws:SourceAccount": stack.account },
    ArnLike: {
      "aws:SourceArn": stack.formatArn({
        service: "scheduler",
        resource: "schedule-group",
        resourceName: "default",
      }),
    },
  },
});

/** Calls a function every minute by a role that may. What one call could not do the next one does: nothing is tried again, or kept. */
export const everyMinute = (
  scope: Construct,
  id: string,
  {
    description,
    called,
    roleArn,
  }: {
    readonly description: string;
    readonly called: lambda.Function;
    readonly roleArn: string;
  },
): scheduler.CfnSchedule => {
  called.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  return new scheduler.CfnSchedule(scope, id, {
    description,
    scheduleExpression: "rate(1 minute)",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: called.functionArn,
      roleArn,
      input: "{}",
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    },
  });
};
