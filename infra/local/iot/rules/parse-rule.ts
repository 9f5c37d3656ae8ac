// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-iot-topicrule-topicrulepayload.html
import { isObject } from "#local/wire/json.ts";
import { LocalError } from "#local/wire/local-error.ts";
import { topicMatcher } from "../messages/topic.ts";
import { parseRuleSql } from "./parse-rule-sql.ts";
import type { Rule, RuleAction } from "./rule.ts";
import { SqlFault } from "./rule-sql-tokens.ts";
import { messageSelector } from "./select-message.ts";
import { parseSubstitution, type Substitution } from "./substitution.ts";

const SQL_VERSION = "2016-03-23";
const MAX_ACTIONS = 10;

/**
 * A rule from the resolved properties of an AWS::IoT::TopicRule; absent when it is disabled.
 * @throws LocalError `TemplateNotUnderstood`, naming the rule and the place, for everything that is not imitated.
 */
export const parseRule = (name: string, properties: unknown): Rule | undefined => {
  const refuse = (what: string): never => {
    throw new LocalError("TemplateNotUnderstood", `Topic rule ${name}: ${what}.`);
  };
  const object = (value: unknown, where: string): Readonly<Record<string, unknown>> =>
    isObject(value) ? value : refuse(`${where} is not an object`);
  const only = (
    value: unknown,
    where: string,
    known: readonly string[],
  ): Readonly<Record<string, unknown>> => {
    const members = object(value, where);
    for (const key of Object.keys(members)) {
      if (!known.includes(key)) refuse(`${where}.${key} is not imitated`);
    }
    return members;
  };
  const text = (value: unknown, where: string): string =>
    typeof value === "string" && value !== "" ? value : refuse(`${where} is not a text`);
  const sqlText = <T>(where: string, source: string, parse: (source: string) => T): T => {
    try {
      return parse(source);
    } catch (error) {
      if (!(error instanceof SqlFault)) throw error;
      const before = source.slice(0, error.offset);
      const rest = source.slice(error.offset, error.offset + 30);
      return refuse(
        `${where} is not understood: ${error.message} at character ${before.length + 1}, before "${rest}"`,
      );
    }
  };
  const substitution = (value: unknown, where: string): Substitution =>
    sqlText(where, text(value, where), parseSubstitution);

  const action = (value: unknown, where: string): RuleAction => {
    const [[kind, body] = ["", undefined], ...more] = Object.entries(object(value, where));
    if (more.length > 0) refuse(`${where} holds more than one action`);
    const at = `${where}.${kind}`;
    switch (kind) {
      case "CloudwatchLogs": {
        const { RoleArn, LogGroupName, BatchMode } = only(body, at, [
          "RoleArn",
          "LogGroupName",
          "BatchMode",
        ]);
        if (BatchMode !== undefined && BatchMode !== false) {
          refuse(`${at}.BatchMode is not imitated`);
        }
        return {
          kind,
          roleArn: text(RoleArn, `${at}.RoleArn`),
          group: substitution(LogGroupName, `${at}.LogGroupName`),
        };
      }
      case "DynamoDBv2": {
        const { RoleArn, PutItem } = only(body, at, ["RoleArn", "PutItem"]);
        const { TableName } = only(PutItem, `${at}.PutItem`, ["TableName"]);
        return {
          kind,
          roleArn: text(RoleArn, `${at}.RoleArn`),
          table: substitution(TableName, `${at}.PutItem.TableName`),
        };
      }
      case "Lambda":
        return {
          kind,
          functionArn: text(only(body, at, ["FunctionArn"]).FunctionArn, `${at}.FunctionArn`),
        };
      case "Republish": {
        const { RoleArn, Topic, Qos = 0 } = only(body, at, ["RoleArn", "Topic", "Qos"]);
        const qos = Qos === 0 || Qos === 1 ? Qos : refuse(`${at}.Qos is neither 0 nor 1`);
        return {
          kind,
          roleArn: text(RoleArn, `${at}.RoleArn`),
          topic: substitution(Topic, `${at}.Topic`),
          qos,
        };
      }
      default:
        return refuse(
          `${where} is the action ${kind}; imitated are CloudwatchLogs, DynamoDBv2, Lambda and Republish`,
        );
    }
  };

  const { TopicRulePayload } = only(properties, "properties", [
    "RuleName",
    "TopicRulePayload",
    "Tags",
  ]);
  const payload = only(TopicRulePayload, "TopicRulePayload", [
    "Actions",
    "AwsIotSqlVersion",
    "Description",
    "ErrorAction",
    "RuleDisabled",
    "Sql",
  ]);
  if (payload.AwsIotSqlVersion !== SQL_VERSION) {
    refuse(
      `AwsIotSqlVersion is ${String(payload.AwsIotSqlVersion ?? "absent, which AWS takes as 2015-10-08")}; imitated is ${SQL_VERSION}`,
    );
  }
  const sql = sqlText("Sql", text(payload.Sql, "Sql"), parseRuleSql);
  const list: unknown = payload.Actions;
  const actions = Array.isArray(list)
    ? list.map((each, index) => action(each, `Actions[${index}]`))
    : refuse("Actions is not a list");
  if (actions.length > MAX_ACTIONS) refuse(`a rule has at most ${MAX_ACTIONS} actions`);
  const errorAction =
    payload.ErrorAction === undefined ? undefined : action(payload.ErrorAction, "ErrorAction");
  if (payload.RuleDisabled === true) return undefined;
  return {
    name,
    from: sql.from,
    matches: topicMatcher(sql.from),
    select: messageSelector(sql),
    actions,
    ...(errorAction === undefined ? {} : { errorAction }),
  };
};
