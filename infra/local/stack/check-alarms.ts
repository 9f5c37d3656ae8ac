import { isObject } from "#local/wire/json.ts";
import { notUnderstood } from "../cloudformation/read-template.ts";
import type { ResolvedResource } from "../cloudformation/resolve-template.ts";
import type { Declared } from "./declared.ts";

// No alarm rings on one machine: what each needs is looked at, so that a template that means another thing is not taken.
const ALARM_PROPERTIES = new Set([
  "ActionsEnabled",
  "AlarmActions",
  "AlarmDescription",
  "AlarmName",
  "ComparisonOperator",
  "DatapointsToAlarm",
  "Dimensions",
  "EvaluationPeriods",
  "ExtendedStatistic",
  "MetricName",
  "Metrics",
  "Namespace",
  "OKActions",
  "Period",
  "Statistic",
  "Threshold",
  "TreatMissingData",
]);
const TOPIC_PROPERTIES = new Set(["DisplayName", "TopicName"]);
const DASHBOARD_PROPERTIES = new Set(["DashboardBody", "DashboardName"]);

/**
 * Looks at the template's alarms, its topics and its dashboards, of which nothing is carried out here.
 * @throws LocalError `TemplateNotUnderstood` for an alarm that tells somebody else than a topic of the template, for one
 *   without a metric, and for what is not known of the three
 */
export const checkAlarms = (declared: Declared): void => {
  const topics = declared.ofType("AWS::SNS::Topic");
  for (const topic of topics) refuseUnknown(topic, TOPIC_PROPERTIES);
  for (const alarm of declared.ofType("AWS::CloudWatch::Alarm")) {
    refuseUnknown(alarm, ALARM_PROPERTIES);
    const told = [alarm.properties.AlarmActions, alarm.properties.OKActions].flat();
    const other = told.find((arn) => !topics.some(({ physical }) => physical.ref === arn));
    if (other !== undefined) {
      throw notUnderstood(
        `${alarm.logicalId} tells ${JSON.stringify(other)}, which is no topic of the template.`,
      );
    }
    const { MetricName: name, Metrics: metrics } = alarm.properties;
    if ((typeof name === "string") === Array.isArray(metrics)) {
      throw notUnderstood(`${alarm.logicalId} needs either a metric or several.`);
    }
  }
  for (const dashboard of declared.ofType("AWS::CloudWatch::Dashboard")) {
    refuseUnknown(dashboard, DASHBOARD_PROPERTIES);
    if (!isBody(dashboard.properties.DashboardBody)) {
      throw notUnderstood(`${dashboard.logicalId} has a body that is no list of widgets.`);
    }
  }
};

const refuseUnknown = (
  { logicalId, type, properties }: ResolvedResource,
  known: ReadonlySet<string>,
): void => {
  const unknown = Object.keys(properties).find((property) => !known.has(property));
  if (unknown !== undefined) {
    throw notUnderstood(`${logicalId} has ${unknown}, which is not imitated for ${type}.`);
  }
};

const isBody = (text: unknown): boolean => {
  if (typeof text !== "string") return false;
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) && Array.isArray(body.widgets);
  } catch {
    // Not JSON, and so no dashboard: told by whoever asked.
    return false;
  }
};
