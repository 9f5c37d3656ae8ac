// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitution templates of AWS look like that.
import { describe, expect, test } from "vitest";
import { attributeMap } from "#local/iot/rule-actions/put-item-action.ts";
import { parseRule } from "#local/iot/rules/parse-rule.ts";
import { sqlContext } from "#local/iot/rules/sql-context.ts";
import { parseSubstitution, substitute } from "#local/iot/rules/substitution.ts";
import { LocalError } from "#local/wire/local-error.ts";

const action = { Lambda: { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f" } };
const payload = { AwsIotSqlVersion: "2016-03-23", Sql: "SELECT * FROM 'a/+'", Actions: [action] };

const refusal = (properties: unknown): LocalError => {
  try {
    parseRule("Acknowledged", properties);
  } catch (error) {
    if (error instanceof LocalError) return error;
    throw error;
  }
  throw new Error("it was understood");
};

describe("a topic rule", () => {
  test("is understood as CloudFormation writes it", () => {
    const rule = parseRule("Acknowledged", {
      RuleName: "Acknowledged",
      TopicRulePayload: {
        ...payload,
        Description: "what it is for",
        RuleDisabled: false,
        Actions: [
          { DynamoDBv2: { RoleArn: "arn:aws:iam::0:role/r", PutItem: { TableName: "audit" } } },
          { Republish: { RoleArn: "arn:aws:iam::0:role/r", Topic: "b/${topic(2)}", Qos: 1 } },
        ],
        ErrorAction: action,
      },
    });

    expect(rule?.actions.map(({ kind }) => kind)).toEqual(["DynamoDBv2", "Republish"]);
    expect(rule?.errorAction?.kind).toBe("Lambda");
    expect(rule?.matches("a/x")).toBe(true);
    expect(rule?.matches("a/x/y")).toBe(false);
  });

  test("that is disabled is no rule, but is checked", () => {
    const disabled = { TopicRulePayload: { ...payload, RuleDisabled: true } };
    const broken = { TopicRulePayload: { ...payload, RuleDisabled: true, Sql: "SELECT" } };

    expect(parseRule("Off", disabled)).toBeUndefined();
    expect(refusal(broken).code).toBe("TemplateNotUnderstood");
  });

  test.for([
    ["an action that is not imitated", { Actions: [{ Sqs: {} }] }, "Actions[0] is the action Sqs"],
    [
      "a member that is not imitated",
      { Actions: [{ Lambda: { FunctionArn: "f", X: 1 } }] },
      "Actions[0].Lambda.X",
    ],
    ["the older SQL", { AwsIotSqlVersion: "2015-10-08" }, "2015-10-08"],
    ["no SQL version, which is the older SQL", { AwsIotSqlVersion: undefined }, "2015-10-08"],
    ["QoS 2", { Actions: [{ Republish: { RoleArn: "r", Topic: "t", Qos: 2 } }] }, "Qos"],
    [
      "a statement outside the subset",
      { Sql: "SELECT a FROM 'x' WHERE f(a)" },
      'at character 25, before "f(a)"',
    ],
    [
      "a template outside the subset",
      { Actions: [{ Republish: { RoleArn: "r", Topic: "a/${f(1)}" } }] },
      "the function f",
    ],
    [
      "a function call that is misspelt in an error action",
      { ErrorAction: { Nothing: {} } },
      "ErrorAction is the action Nothing",
    ],
  ] as const)("is refused with %s, naming rule and place", ([, change, place]) => {
    const error = refusal({ TopicRulePayload: { ...payload, ...change } });

    expect(error.code).toBe("TemplateNotUnderstood");
    expect(error.message).toContain("Topic rule Acknowledged: ");
    expect(error.message).toContain(place);
  });
});

test("${…} in an action sees the message", () => {
  const context = sqlContext({ topic: "a/b", payload: Buffer.from('{"n":{"x":5}}') }, 0, () => {});

  const text = substitute(
    parseSubstitution("$$aws/things/${topic(2)}/${n.x}/${gone}!"),
    () => context,
  );

  expect(text).toBe("$$aws/things/b/5/!");
});

test("an output becomes DynamoDB attributes, nested ones too", () => {
  const item = attributeMap({ s: "x", n: 1.5, b: false, z: null, m: { l: [1, "a", {}] } });

  expect(item).toEqual({
    s: { S: "x" },
    n: { N: "1.5" },
    b: { BOOL: false },
    z: { NULL: true },
    m: { M: { l: { L: [{ N: "1" }, { S: "a" }, { M: {} }] } } },
  });
});
