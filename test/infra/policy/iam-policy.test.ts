import { describe, expect, test } from "vitest";
import { createIam, type Iam } from "#local/iam/iam.ts";

const ACCOUNT = "000000000000";
const TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/Audit";

const iamWith = (statements: unknown): Iam =>
  createIam({
    accountId: ACCOUNT,
    masterSecret: "secret",
    operator: { accessKeyId: "AKIAOPERATOR", secretAccessKey: "s" },
    roles: [
      {
        arn: "arn:aws:iam::000000000000:role/Home",
        name: "Home",
        assumeRolePolicyDocument: { Statement: [] },
        policies: [{ name: "P", document: { Version: "2012-10-17", Statement: statements } }],
        managedPolicyArns: [],
      },
    ],
  });

const CALLER = {
  arn: "arn:aws:sts::000000000000:assumed-role/Home/local",
  roleArn: "arn:aws:iam::000000000000:role/Home",
};

const allows = (
  statements: unknown,
  action = "dynamodb:PutItem",
  resource = TABLE,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): boolean => iamWith(statements).decide(CALLER, { action, resource, context }).allowed;

const allow = (rest: object) => [
  { Effect: "Allow", Action: "dynamodb:PutItem", Resource: TABLE, ...rest },
];

describe("actions and resources", () => {
  test.each([
    ["the very action", { Action: "dynamodb:PutItem" }, true],
    ["one of a list", { Action: ["dynamodb:GetItem", "dynamodb:PutItem"] }, true],
    ["another action", { Action: "dynamodb:GetItem" }, false],
    ["a wildcard at the end", { Action: "dynamodb:Put*" }, true],
    ["a wildcard for everything", { Action: "*" }, true],
    ["a question mark for one letter", { Action: "dynamodb:PutIte?" }, true],
    ["a question mark for none", { Action: "dynamodb:PutItem?" }, false],
    ["letters in another case", { Action: "DynamoDB:putitem" }, true],
    ["a dot that is no wildcard", { Action: "dynamodb.PutItem" }, false],
    ["everything but another action", { Action: undefined, NotAction: "dynamodb:GetItem" }, true],
    ["everything but this action", { Action: undefined, NotAction: "dynamodb:Put*" }, false],
    ["every resource", { Resource: "*" }, true],
    ["another table", { Resource: `${TABLE}Log` }, false],
    [
      "tables that begin so",
      { Resource: "arn:aws:dynamodb:us-east-1:000000000000:table/Au*" },
      true,
    ],
    ["any region and account", { Resource: "arn:aws:dynamodb:*:*:table/Audit" }, true],
    ["an ARN that ends early", { Resource: "arn:aws:dynamodb" }, true],
    [
      "a wildcard that would have to cross segments",
      { Resource: "arn:aws:dynamodb:*:table/Audit" },
      false,
    ],
    ["a name in another case", { Resource: TABLE.toLowerCase() }, false],
    ["everything but this table", { Resource: undefined, NotResource: TABLE }, false],
    ["everything but another table", { Resource: undefined, NotResource: `${TABLE}Log` }, true],
    ["the table, with an Allow for its indexes only", { Resource: `${TABLE}/index/*` }, false],
    ["a star that is no wildcard", { Resource: `${TABLE}\${*}` }, false],
    [
      "a question mark that is no wildcard",
      { Resource: TABLE.replace("Audit", "Audi${?}") },
      false,
    ],
    ["an action with a star that is no wildcard", { Action: "dynamodb:Put${*}" }, false],
  ])("%s", (_what, rest, expected) => {
    const decided = allows(JSON.parse(JSON.stringify(allow(rest))));

    expect(decided).toBe(expected);
  });

  test("the last segment's wildcard crosses slashes and colons", () => {
    const statements = allow({
      Action: "lambda:*",
      Resource: "arn:aws:lambda:us-east-1:000000000000:function:*",
    });

    const decided = allows(
      statements,
      "lambda:InvokeFunction",
      "arn:aws:lambda:us-east-1:000000000000:function:tools:$LATEST",
    );

    expect(decided).toBe(true);
  });

  test.each([
    ["${*} is a star", "topic/a${*}", "topic/a*", true],
    ["${*} is no other text", "topic/a${*}", "topic/abc", false],
    ["${?} is a question mark", "topic/a${?}", "topic/a?", true],
    ["${?} is no other letter", "topic/a${?}", "topic/ab", false],
    ["${$} is a dollar", "topic/${$}aws", "topic/$aws", true],
    ["${$}{x} is a text", "topic/${$}{x}", "topic/${x}", true],
    ["a dollar alone is one too", "topic/$aws", "topic/$aws", true],
    ["they stand beside wildcards", "topic/${*}/*/${?}", "topic/*/any/thing/?", true],
    ["they stand for one character each", "topic/${*}${*}", "topic/*", false],
    ["another variable is not understood", "topic/${*}/${aws:username}*", "topic/*/x", false],
  ])("%s", (_what, pattern, topic, expected) => {
    const arn = (resource: string): string => `arn:aws:iot:us-east-1:000000000000:${resource}`;
    const statements = allow({ Action: "iot:Publish", Resource: arn(pattern) });

    expect(allows(statements, "iot:Publish", arn(topic))).toBe(expected);
  });

  test("an action without a resource type needs a star", () => {
    const listed = "dynamodb:ListTables";

    expect(allows(allow({ Action: listed, Resource: "*" }), listed, "*")).toBe(true);
    expect(allows(allow({ Action: listed, Resource: TABLE }), listed, "*")).toBe(false);
  });
});

describe("what is not understood denies", () => {
  test.each([
    ["a Resource that is a logical id", { Resource: "Audit" }],
    ["a Resource with a policy variable", { Resource: `${TABLE}-\${aws:username}` }],
    ["all but a Resource that is no ARN", { Resource: undefined, NotResource: "Audit" }],
    [
      "an operator that does not exist",
      { Condition: { StringSounds: { "aws:PrincipalAccount": ACCOUNT } } },
    ],
    [
      "an operator that is not imitated",
      { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
    ],
    [
      "a key that nobody supplies",
      { Condition: { StringEquals: { "aws:PrincipalTag/team": "home" } } },
    ],
    [
      "a negated operator on a key that nobody supplies",
      { Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } } },
    ],
    [
      "an IfExists on a key that nobody supplies",
      { Condition: { StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } } },
    ],
    [
      "ForAllValues on a key that nobody supplies",
      { Condition: { "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk"] } } },
    ],
    [
      "Null on a key that nobody supplies",
      { Condition: { Null: { "aws:MultiFactorAuthAge": "true" } } },
    ],
    [
      "a policy variable in a condition",
      { Condition: { StringEquals: { "aws:PrincipalAccount": `\${aws:ResourceAccount}` } } },
    ],
  ])("%s", (_what, rest) => {
    const statement = JSON.parse(JSON.stringify(allow(rest)[0])) as object;

    expect(allows([statement])).toBe(false);
    expect(allows([...allow({}), { ...statement, Effect: "Deny" }])).toBe(false);
  });
});

describe("conditions", () => {
  const LEADING = "dynamodb:LeadingKeys";
  test.each<[string, object, Record<string, string | readonly string[]>, boolean]>([
    ["StringEquals holds", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }, {}, true],
    [
      "StringEquals holds for one of the values",
      { StringEquals: { "aws:PrincipalAccount": ["1", ACCOUNT] } },
      {},
      true,
    ],
    ["StringEquals fails", { StringEquals: { "aws:PrincipalAccount": "1" } }, {}, false],
    [
      "the name of a key may be written in any case",
      { StringEquals: { "AWS:principalaccount": ACCOUNT } },
      {},
      true,
    ],
    [
      "StringNotEquals must differ from all values",
      { StringNotEquals: { "aws:PrincipalAccount": ["1", ACCOUNT] } },
      {},
      false,
    ],
    [
      "StringNotEquals differs",
      { StringNotEquals: { "aws:PrincipalAccount": ["1", "2"] } },
      {},
      true,
    ],
    ["StringLike with a wildcard", { StringLike: { "aws:RequestedRegion": "us-*" } }, {}, true],
    [
      "StringEquals takes a star as a star",
      { StringEquals: { "aws:RequestedRegion": "us-*" } },
      {},
      false,
    ],
    [
      "StringEqualsIgnoreCase",
      { StringEqualsIgnoreCase: { "aws:PrincipalType": "ASSUMEDROLE" } },
      {},
      true,
    ],
    ["ArnLike", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Ho*" } }, {}, true],
    [
      "ArnEquals takes wildcards too",
      { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::000000000000:role/*" } },
      {},
      true,
    ],
    ["ArnNotLike", { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Ho*" } }, {}, false],
    ["Bool, with a boolean in the policy", { Bool: { "aws:SecureTransport": true } }, {}, true],
    ["Bool false", { Bool: { "aws:SecureTransport": "false" } }, {}, false],
    [
      "two keys must both hold",
      { StringEquals: { "aws:PrincipalAccount": ACCOUNT, "aws:RequestedRegion": "eu-west-1" } },
      {},
      false,
    ],
    [
      "two operators must both hold",
      {
        StringEquals: { "aws:PrincipalAccount": ACCOUNT },
        Bool: { "aws:SecureTransport": "false" },
      },
      {},
      false,
    ],
    [
      "ForAllValues: every key is allowed",
      { "ForAllValues:StringLike": { [LEADING]: "RUN#*" } },
      { [LEADING]: ["RUN#1", "RUN#2"] },
      true,
    ],
    [
      "ForAllValues: one key is not",
      { "ForAllValues:StringLike": { [LEADING]: "RUN#*" } },
      { [LEADING]: ["RUN#1", "HOME"] },
      false,
    ],
    [
      "ForAllValues: no key at all, which AWS takes for yes",
      { "ForAllValues:StringLike": { [LEADING]: "RUN#*" } },
      {},
      true,
    ],
    [
      "ForAllValues with Null closes that door",
      { "ForAllValues:StringLike": { [LEADING]: "RUN#*" }, Null: { [LEADING]: "false" } },
      {},
      false,
    ],
    ...(
      [
        ["a run of a home", ["HOME#a#RUN#1"], true],
        ["runs of two homes", ["HOME#a#RUN#1", "HOME#b#RUN#2"], true],
        ["a run and a look-up", ["HOME#a#RUN#1", "HOME#a#ACCESS#2026-11"], false],
        ["a look-up", ["HOME#a#ACCESS#2026-11"], false],
        ["a member", ["PRINCIPAL#HOME#a#RUN#1"], false],
        ["a home's other records", ["HOME#a"], false],
        ["a run of before homes had ids", ["RUN#1"], false],
        ["another case", ["HOME#a#run#1"], false],
        ["no key", [], false],
      ] as const
    ).map(
      ([what, keys, expected]): [string, object, Record<string, readonly string[]>, boolean] => [
        `HOME#*#RUN#* and ${what}`,
        {
          "ForAllValues:StringLike": { [LEADING]: "HOME#*#RUN#*" },
          Null: { [LEADING]: "false" },
        },
        { [LEADING]: keys },
        expected,
      ],
    ),
    [
      "ForAnyValue: one is enough",
      { "ForAnyValue:StringEquals": { [LEADING]: ["RUN#1"] } },
      { [LEADING]: ["HOME", "RUN#1"] },
      true,
    ],
    [
      "ForAnyValue: none",
      { "ForAnyValue:StringEquals": { [LEADING]: ["RUN#1"] } },
      { [LEADING]: ["HOME"] },
      false,
    ],
    [
      "ForAnyValue: no key at all",
      { "ForAnyValue:StringEquals": { [LEADING]: ["RUN#1"] } },
      {},
      false,
    ],
    [
      "several values without a set operator",
      { StringEquals: { [LEADING]: ["RUN#1", "RUN#2"] } },
      { [LEADING]: ["RUN#1", "RUN#2"] },
      false,
    ],
    [
      "one value without a set operator",
      { StringEquals: { [LEADING]: ["RUN#1", "RUN#2"] } },
      { [LEADING]: ["RUN#1"] },
      true,
    ],
    ["Null true: the key is absent", { Null: { [LEADING]: "true" } }, {}, true],
    [
      "Null true: the key is there",
      { Null: { [LEADING]: "true" } },
      { [LEADING]: ["RUN#1"] },
      false,
    ],
    [
      "IfExists on a key that is absent",
      { StringEqualsIfExists: { [LEADING]: "RUN#1" } },
      {},
      true,
    ],
    [
      "IfExists on a key that differs",
      { StringEqualsIfExists: { [LEADING]: "RUN#1" } },
      { [LEADING]: ["HOME"] },
      false,
    ],
    [
      "a key that the service supplies",
      { StringEquals: { "iot:ClientId": "hall" } },
      { "iot:ClientId": "hall" },
      true,
    ],
    [
      "StringEquals with a star that is written as a variable",
      { StringEquals: { "iot:ClientId": "a${*}${$}${?}" } },
      { "iot:ClientId": "a*$?" },
      true,
    ],
    [
      "StringEqualsIgnoreCase with one",
      { StringEqualsIgnoreCase: { "iot:ClientId": "A${*}" } },
      { "iot:ClientId": "a*" },
      true,
    ],
    [
      "StringLike takes it for a star, not for any text",
      { StringLike: { "iot:ClientId": "a${*}" } },
      { "iot:ClientId": "abc" },
      false,
    ],
    [
      "StringNotLike too",
      { StringNotLike: { "iot:ClientId": "a${*}" } },
      { "iot:ClientId": "abc" },
      true,
    ],
    ["NumericLessThan", { NumericLessThan: { "iot:Count": "10" } }, { "iot:Count": "9" }, true],
    [
      "NumericLessThan with what is no number",
      { NumericLessThan: { "iot:Count": "ten" } },
      { "iot:Count": "9" },
      false,
    ],
    [
      "DateGreaterThan",
      { DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } },
      {},
      true,
    ],
    ["DateLessThan", { DateLessThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }, {}, false],
  ])("%s", (_what, Condition, context, expected) => {
    expect(allows(allow({ Condition }), "dynamodb:PutItem", TABLE, context)).toBe(expected);
  });
});

describe("decisions", () => {
  test("an explicit Deny wins over an Allow, wherever it stands", () => {
    const deny = { Effect: "Deny", Action: "dynamodb:*", Resource: TABLE };

    expect(allows([deny, ...allow({})])).toBe(false);
    expect(allows([...allow({}), deny])).toBe(false);
  });

  test("a Deny whose condition does not hold denies nothing", () => {
    const Condition = { StringEquals: { "aws:RequestedRegion": "eu-west-1" } };
    const deny = { Effect: "Deny", Action: "*", Resource: "*", Condition };

    expect(allows([...allow({}), deny])).toBe(true);
  });

  test("a refusal says what AWS says when nothing allows", () => {
    const iam = iamWith([]);

    const decision = iam.decide(CALLER, { action: "dynamodb:PutItem", resource: TABLE });

    expect(decision).toEqual({
      allowed: false,
      because:
        "User: arn:aws:sts::000000000000:assumed-role/Home/local is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Audit because no identity-based policy allows the dynamodb:PutItem action",
    });
  });

  test("a refusal says what AWS says when a statement denies", () => {
    const iam = iamWith([{ Effect: "Deny", Action: "*", Resource: "*" }]);

    const decision = iam.decide(CALLER, { action: "dynamodb:PutItem", resource: TABLE });

    expect(decision).toEqual({
      allowed: false,
      because:
        "User: arn:aws:sts::000000000000:assumed-role/Home/local is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Audit with an explicit deny in an identity-based policy",
    });
  });

  test("the operator may do everything, a caller that nobody knows nothing", () => {
    const iam = iamWith([]);
    const permission = { action: "dynamodb:DeleteTable", resource: TABLE };

    const operator = iam.decide({ arn: "arn:aws:iam::000000000000:user/operator" }, permission);
    const stranger = iam.decide(
      { arn: "x", roleArn: "arn:aws:iam::000000000000:role/Other" },
      permission,
    );

    expect(operator.allowed).toBe(true);
    expect(stranger.allowed).toBe(false);
  });

  test("a single statement needs no list around it", () => {
    expect(allows(allow({})[0])).toBe(true);
  });
});

describe("documents that are no policies are refused at start, by name", () => {
  test.each([
    ["no Effect", { Action: "*", Resource: "*" }],
    ["another Effect", { Effect: "allow", Action: "*", Resource: "*" }],
    ["an element that does not exist", { Effect: "Allow", Actions: "*", Resource: "*" }],
    ["neither Action nor NotAction", { Effect: "Allow", Resource: "*" }],
    ["both Action and NotAction", { Effect: "Allow", Action: "*", NotAction: "*", Resource: "*" }],
    ["no Resource", { Effect: "Allow", Action: "*" }],
    [
      "a Resource that is still a reference",
      { Effect: "Allow", Action: "*", Resource: { Ref: "Audit" } },
    ],
    ["a Principal", { Effect: "Allow", Action: "*", Resource: "*", Principal: "*" }],
    [
      "a condition that holds an object",
      {
        Effect: "Allow",
        Action: "*",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalArn": { Ref: "X" } } },
      },
    ],
    ["a statement that is text", "Allow"],
  ])("%s", (_what, statement) => {
    expect(() => iamWith([statement])).toThrow(
      expect.objectContaining({
        code: "TemplateNotUnderstood",
        message: expect.stringMatching(/^Policy P of role Home: /) as string,
      }),
    );
  });
});
