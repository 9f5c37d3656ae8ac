import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseMonthlyBudget } from "#aws/watch/budget.ts";
import { isObject } from "#domain/json.ts";
import { anchorsOf } from "../../support/markdown.ts";
import { propertiesOf, resourcesOf, synthesizedTemplate } from "./synthesized.ts";

const template = synthesizedTemplate();
const alarms = [...resourcesOf(template, "AWS::CloudWatch::Alarm").values()];
const withCanary = synthesizedTemplate({ canary: true });
const RUNBOOK = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "infra", "aws", "watch", "runbook.md"),
  "utf8",
);
const README = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "infra", "aws", "README.md"),
  "utf8",
);

const anchorOf = (alarm: Readonly<Record<string, unknown>>): string =>
  String(alarm.AlarmDescription).replace(/^.*: infra\/aws\/watch\/runbook\.md#/, "");

// REQ: known-well
// REQ: seal-alarms
test("twenty-three alarms ring above these thresholds; only what speaks all the time rings when it is silent", () => {
  expect(
    alarms.map((alarm) => [
      anchorOf(alarm),
      alarm.Threshold,
      `${String(alarm.DatapointsToAlarm)} of ${String(alarm.EvaluationPeriods)}`,
      alarm.TreatMissingData,
    ]),
  ).toEqual([
    ["dailyworknotdone", 1, "26 of 26", "breaching"],
    ["runsbroken", 0, "1 of 1", "notBreaching"],
    ["runsswept", 0, "1 of 1", "breaching"],
    ["commandsleftstanding", 0, "1 of 1", "notBreaching"],
    ["manyunconfirmed", 30, "1 of 1", "notBreaching"],
    ["slowacknowledgements", 50, "3 of 3", "notBreaching"],
    ["acknowledgementslate", 4, "1 of 1", "notBreaching"],
    ["acknowledgementslost", 0, "1 of 1", "notBreaching"],
    ["rulesnotcarriedout", 0, "1 of 1", "notBreaching"],
    ["gatewayerrors", 2, "2 of 3", "notBreaching"],
    ["gatewayrefusals", 50, "1 of 1", "notBreaching"],
    ["gatewaythrottled", 9, "1 of 1", "notBreaching"],
    ["gatewayslow", 50_000, "2 of 3", "notBreaching"],
    ["callsrefused", 50, "1 of 1", "notBreaching"],
    ["signinthrottled", 0, "1 of 1", "notBreaching"],
    ["signinslow", 3_000, "2 of 3", "notBreaching"],
    ["functionsthrottled", 0, "2 of 3", "notBreaching"],
    ["functionerrors", 0, "1 of 1", "notBreaching"],
    ["deadletters", 0, "1 of 1", "notBreaching"],
    ["tablesthrottled", 0, "2 of 3", "notBreaching"],
    ["logbehind", 300, "2 of 2", "breaching"],
    ["recordsunsealed", 0, "3 of 3", "notBreaching"],
    ["sealedlate", 0, "1 of 1", "notBreaching"],
  ]);
});

test("all of them tell one topic when they begin and when they end, and it is an output", () => {
  const told = new Set(
    alarms.map(({ AlarmActions, OKActions }) => JSON.stringify([AlarmActions, OKActions])),
  );

  expect([...told]).toEqual(['[["<AlarmTopic>"],["<AlarmTopic>"]]']);
  expect([...resourcesOf(template, "AWS::SNS::Topic").keys()]).toEqual(["AlarmTopic"]);
});

// REQ: known-well
test("each has its paragraph in the runbook, which has none besides", () => {
  // The budget's notices are AWS's, and can name nothing.
  const paragraphs = [...anchorsOf(RUNBOOK)].filter(
    (anchor) => !["when-an-alarm-rings", "budgetexceeded"].includes(anchor),
  );

  const everyAlarm = [...resourcesOf(withCanary, "AWS::CloudWatch::Alarm").values()];
  expect(everyAlarm.map(anchorOf).toSorted()).toEqual(paragraphs.toSorted());
});

test("no alarm looks at more than the ten metrics that one may", () => {
  const sizes = alarms.map(({ Metrics }) =>
    Array.isArray(Metrics)
      ? Metrics.filter((one: unknown) => isObject(one) && one.MetricStat !== undefined).length
      : 1,
  );

  expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
});

test("the slowest kind of device is told by its own window", () => {
  const alarm = propertiesOf(template, "WellRunsSlowAcknowledgements");

  const expressions = Array.isArray(alarm.Metrics)
    ? alarm.Metrics.flatMap((one: unknown) => (isObject(one) ? [one.Expression] : []))
    : [];
  expect(expressions[0]).toBe(
    "MAX([light / 20, plug / 20, lock / 100, cover / 600, climate / 50, media / 50, alarm / 100, fan / 30, vacuum / 1200, humidifier / 50])",
  );
});

test("the dashboard is called as the stack, and shows runs, devices, gateway, functions and queues", () => {
  const { DashboardName, DashboardBody } = propertiesOf(template, "WellDashboard");

  expect(DashboardName).toBe("SmarthomeScenes");
  expect(
    [...String(DashboardBody).matchAll(/"title":"([^"]*)"/g)].map(([, title]) => title),
  ).toEqual([
    "Runs by how they ended",
    "Until devices acknowledge, p95 by kind, in milliseconds",
    "What devices did not do",
    "Calls of the gateway",
    "Until the gateway answers, in milliseconds",
    "Functions that run at once, of the account",
    "Calls that ended in an error",
    "What waits",
  ]);
});

// REQ: known-well
test("the workflow logs what failed and no data; everything only where that is asked for", () => {
  const logging = (of: ReturnType<typeof synthesizedTemplate>) => {
    const { LoggingConfiguration } = propertiesOf(of, "RunSceneStateMachine");
    return isObject(LoggingConfiguration)
      ? [LoggingConfiguration.Level, LoggingConfiguration.IncludeExecutionData]
      : [];
  };

  expect(logging(template)).toEqual(["ERROR", false]);
  expect(logging(synthesizedTemplate({ workflowLog: "everything" }))).toEqual(["ALL", true]);
});

// REQ: canary
test("the canary is off by default; asked for, it runs every quarter of an hour and is nobody but its lamp", () => {
  const added = [...withCanary.resources.keys()].filter((id) => !template.resources.has(id));

  expect(added.toSorted()).toEqual([
    "CanaryCanaryFailed",
    "CanaryEveryQuarter",
    "CanaryRunCanaryFunction",
    "CanaryRunCanaryFunctionEventInvokeConfig",
    "CanaryRunCanaryLog",
    "CanaryRunCanaryRole",
    "CanaryScheduleRole",
  ]);
  expect(propertiesOf(withCanary, "CanaryEveryQuarter")).toMatchObject({
    ScheduleExpression: "rate(15 minutes)",
    GroupName: "smarthome-schedules",
  });
  expect(propertiesOf(withCanary, "CanaryCanaryFailed")).toMatchObject({
    MetricName: "CanaryFailures",
    Period: 900,
    EvaluationPeriods: 2,
    TreatMissingData: "breaching",
  });
});

// REQ: budget
test("a budget is off by default; with an amount it tells the alarms' topic, where CloudWatch may still publish", () => {
  const watched = synthesizedTemplate({ monthlyBudget: 50 });

  const added = [...watched.resources.keys()].filter((id) => !template.resources.has(id));
  expect(added.toSorted()).toEqual(["AlarmTopicPolicy", "BudgetMonthly"]);
  const told = [{ SubscriptionType: "SNS", Address: "<AlarmTopic>" }];
  const above = { ComparisonOperator: "GREATER_THAN", ThresholdType: "PERCENTAGE" };
  expect(propertiesOf(watched, "BudgetMonthly")).toEqual({
    Budget: {
      BudgetType: "COST",
      TimeUnit: "MONTHLY",
      BudgetLimit: { Amount: 50, Unit: "USD" },
    },
    NotificationsWithSubscribers: [
      {
        Notification: { ...above, NotificationType: "ACTUAL", Threshold: 80 },
        Subscribers: told,
      },
      {
        Notification: { ...above, NotificationType: "FORECASTED", Threshold: 100 },
        Subscribers: told,
      },
    ],
  });
  const { PolicyDocument } = propertiesOf(watched, "AlarmTopicPolicy");
  expect(PolicyDocument).toMatchObject({
    Statement: [
      {
        Action: "sns:Publish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Resource: "<AlarmTopic>",
        Condition: { StringEquals: { "aws:SourceAccount": "<AWS::AccountId>" } },
      },
      {
        Action: "sns:Publish",
        Effect: "Allow",
        Principal: { Service: "budgets.amazonaws.com" },
        Resource: "<AlarmTopic>",
        Condition: { StringEquals: { "aws:SourceAccount": "<AWS::AccountId>" } },
      },
    ],
  });
});

test.each(["", "0", "-5", "much", "1e999"])(
  "a monthly budget of %j is refused by name",
  (given) => {
    expect(() => parseMonthlyBudget(given)).toThrow("is no amount of dollars a month");
  },
);

// REQ: known-well
test("the README says how many alarms and roles there are", () => {
  const said = (what: string) => new RegExp(`\\| (\\d+) ${what}[,; ]`).exec(README)?.[1];

  expect(said("alarms")).toBe(String(alarms.length));
  expect(said("roles")).toBe(String(resourcesOf(template, "AWS::IAM::Role").size));
});
