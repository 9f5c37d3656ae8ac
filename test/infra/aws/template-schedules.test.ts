import { expect, test } from "vitest";
import { propertiesOf, resourcesOf, synthesizedTemplate } from "./synthesized.ts";

const template = synthesizedTemplate();

test("what cannot be delivered or done is kept for two weeks, encrypted, in standard queues that are spoken to over TLS", () => {
  const queues = Object.fromEntries(resourcesOf(template, "AWS::SQS::Queue"));
  const policies = [...resourcesOf(template, "AWS::SQS::QueuePolicy").values()];

  const kept = { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true };
  expect(queues).toEqual({
    RunSceneUndoFailures: kept,
    SchedulesDeadLetters: kept,
    ScheduledScenesFailures: kept,
  });
  const onlyOverTls = (queue: string) => ({
    Queues: [`<${queue}>`],
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: "sqs:*",
          Resource: `<${queue}.Arn>`,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  });
  expect(policies).toEqual([
    onlyOverTls("RunSceneUndoFailures"),
    onlyOverTls("SchedulesDeadLetters"),
    onlyOverTls("ScheduledScenesFailures"),
  ]);
});

test("an event that start-scheduled-scene could not do is tried twice more, and then kept", () => {
  const retries = resourcesOf(template, "AWS::Lambda::EventInvokeConfig");

  expect(
    [...retries.values()].filter(({ FunctionName }) =>
      String(FunctionName).includes("StartScheduledScene"),
    ),
  ).toEqual([
    {
      FunctionName: "<ScheduledScenesStartScheduledSceneFunction>",
      Qualifier: "$LATEST",
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: "<ScheduledScenesFailures.Arn>" } },
    },
  ]);
});

test("the home's schedules have one of the stack's among them, the daily refresh", () => {
  const schedules = resourcesOf(template, "AWS::Scheduler::Schedule");

  expect(
    [...schedules.values()].filter(({ GroupName }) => GroupName === "smarthome-schedules"),
  ).toEqual([
    {
      Name: "refresh-sun-schedules",
      GroupName: "smarthome-schedules",
      ScheduleExpression: "cron(20 2 * * ? *)",
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 30 },
      Target: {
        Arn: "<ScheduledScenesRefreshSunSchedulesFunction.Arn>",
        RoleArn: "<ScheduledScenesRefreshRole.Arn>",
        Input: "{}",
        DeadLetterConfig: { Arn: "<SchedulesDeadLetters.Arn>" },
        RetryPolicy: { MaximumEventAgeInSeconds: 43_200, MaximumRetryAttempts: 185 },
      },
    },
  ]);
});

test("an alarm goes off when the refresh has not ended well for 26 hours, also when nobody called it", () => {
  const { Metrics, AlarmDescription, ...alarm } = propertiesOf(
    template,
    "ScheduledScenesDailyWorkNotDone",
  );

  const hourly = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: "AWS/Lambda",
        MetricName,
        Dimensions: [
          { Name: "FunctionName", Value: "<ScheduledScenesRefreshSunSchedulesFunction>" },
        ],
      },
      Period: 3600,
      Stat: "Sum",
    },
    ReturnData: false,
  });
  expect(alarm).toEqual({
    ComparisonOperator: "LessThanThreshold",
    Threshold: 1,
    EvaluationPeriods: 26,
    DatapointsToAlarm: 26,
    TreatMissingData: "breaching",
    AlarmActions: ["<AlarmTopic>"],
    OKActions: ["<AlarmTopic>"],
  });
  expect(AlarmDescription).toBe(
    "Daily work was not done for 26 hours: infra/aws/watch/runbook.md#dailyworknotdone",
  );
  expect(Metrics).toEqual([
    {
      Id: "expr_1",
      Expression: "FILL(calls, 0) - FILL(errors, 0)",
      Label: "ended well",
      ReturnData: true,
    },
    hourly("calls", "Invocations"),
    hourly("errors", "Errors"),
  ]);
});
