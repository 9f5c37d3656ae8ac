import { expect, test } from "vitest";
import type { ResolvedResource } from "#local/cloudformation/resolve-template.ts";
import { checkAlarms } from "#local/stack/check-alarms.ts";
import type { Declared } from "#local/stack/declared.ts";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:alarms";

const resource = (
  type: string,
  logicalId: string,
  properties: ResolvedResource["properties"],
  ref = logicalId,
): ResolvedResource => ({ type, logicalId, properties, physical: { ref, attributes: {} } });

const check = (...resources: readonly ResolvedResource[]): void => {
  const ofType = (type: string) => resources.filter((one) => one.type === type);
  checkAlarms({ ofType } satisfies Pick<Declared, "ofType">);
};

const topic = resource("AWS::SNS::Topic", "Topic", { DisplayName: "alarms" }, TOPIC);
const alarm = (changes: object): ResolvedResource =>
  resource("AWS::CloudWatch::Alarm", "Alarm", {
    Namespace: "SmarthomeScenes",
    MetricName: "SealLag",
    AlarmActions: [TOPIC],
    OKActions: [TOPIC],
    ...changes,
  });
const dashboard = (body: unknown): ResolvedResource =>
  resource("AWS::CloudWatch::Dashboard", "Dashboard", { DashboardBody: body });

test("alarms that tell a topic of the template, and a dashboard of widgets, are taken", () => {
  expect(() => check(topic, alarm({}), dashboard('{"widgets":[]}'))).not.toThrow();
});

test.each([
  [
    "an alarm that tells something else",
    [topic, alarm({ AlarmActions: ["arn:aws:automate:us-east-1:ec2:stop"] })],
    'Alarm tells "arn:aws:automate:us-east-1:ec2:stop", which is no topic of the template.',
  ],
  [
    "an alarm without a metric",
    [topic, alarm({ MetricName: undefined })],
    "Alarm needs either a metric or several.",
  ],
  [
    "a property that nobody knows here",
    [topic, alarm({ ThresholdMetricId: "band" })],
    "Alarm has ThresholdMetricId, which is not imitated for AWS::CloudWatch::Alarm.",
  ],
  [
    "a topic with subscriptions of its own",
    [resource("AWS::SNS::Topic", "Topic", { Subscription: [] }, TOPIC)],
    "Topic has Subscription, which is not imitated for AWS::SNS::Topic.",
  ],
  [
    "a dashboard that is none",
    [dashboard("no JSON")],
    "Dashboard has a body that is no list of widgets.",
  ],
])("%s is refused", (_, resources, why) => {
  expect(() => check(...resources)).toThrow(why);
});
