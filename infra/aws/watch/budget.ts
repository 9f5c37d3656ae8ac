import { ArnFormat, aws_budgets as budgets, aws_iam as iam, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { AlarmTopic } from "./alarm-topic.ts";

/**
 * Tells the alarms' topic when the account's month becomes dearer than it may: at four fifths of the amount, and when AWS
 * forecasts more than all of it. It is the account's bill and not the stack's: a budget can look at one stack only by a tag
 * that somebody activates by hand, and without that it would never ring.
 */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, topic: AlarmTopic, monthlyDollars: number) {
    super(scope, id);
    const stack = Stack.of(this);
    const { account } = stack;
    // A policy takes the place of a topic's own, by which the account's alarms publish.
    // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    const publishers = {
      cloudwatch: stack.formatArn({
        service: "cloudwatch",
        resource: "alarm",
        resourceName: "*",
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      budgets: `arn:${stack.partition}:budgets::${account}:*`,
    };
    for (const [service, arn] of Object.entries(publishers)) {
      topic.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ["sns:Publish"],
          resources: [topic.topicArn],
          conditions: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": arn },
          },
        }),
      );
    }
    const subscribers = [{ subscriptionType: "SNS", address: topic.topicArn }];
    const notice = (notificationType: string, threshold: number) => ({
      notification: {
        notificationType,
        threshold,
        thresholdType: "PERCENTAGE",
        comparisonOperator: "GREATER_THAN",
      },
      subscribers,
    });
    const budget = new budgets.CfnBudget(this, "Monthly", {
      budget: {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount: monthlyDollars, unit: "USD" },
      },
      notificationsWithSubscribers: [notice("ACTUAL", 80), notice("FORECASTED", 100)],
    });
    // Budgets tries the topic when the budget is made.
    budget.node.addDependency(topic);
  }
}

/**
 * Dollars a month, as a setting or the context `monthlyBudget` says them; none for no budget.
 * @throws Error naming what is no amount
 */
export const parseMonthlyBudget = (given: unknown): number | undefined => {
  if (given === undefined) return undefined;
  const dollars = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof dollars === "number" && Number.isFinite(dollars) && dollars > 0) return dollars;
  throw new Error(
    `${JSON.stringify(given)} is no amount of dollars a month, e.g. -c monthlyBudget=50`,
  );
};
