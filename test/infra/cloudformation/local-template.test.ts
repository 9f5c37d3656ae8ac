import { describe, expect, test } from "vitest";
import type { Template } from "#local/cloudformation/read-template.ts";
import { resolveTemplate } from "#local/cloudformation/resolve-template.ts";
import { templateFunctions } from "#local/stack/template-functions.ts";
import { templateRoles } from "#local/stack/template-roles.ts";

const DEPLOYMENT = {
  region: "us-east-1",
  accountId: "000000000000",
  stackName: "Stack",
  masterSecret: "secret",
};

const template = (
  resources: Readonly<Record<string, { readonly type: string; readonly properties?: object }>>,
): Template => ({
  stackName: "Stack",
  resources: Object.entries(resources).map(([logicalId, { type, properties = {} }]) => ({
    logicalId,
    type,
    properties: properties as Readonly<Record<string, unknown>>,
  })),
  outputs: [],
  assetDirectory: (hash) => `/assets/${hash}`,
});

/** What a value becomes as a property of some resource, beside a table and a role that it may name. */
const resolved = (value: unknown): unknown => {
  const resources = resolveTemplate(
    template({
      Table: { type: "AWS::DynamoDB::GlobalTable" },
      Machine: { type: "AWS::StepFunctions::StateMachine", properties: { Value: value } },
      Role: { type: "AWS::IAM::Role" },
    }),
    DEPLOYMENT,
  );
  return resources.find((one) => one.logicalId === "Machine")?.properties.Value;
};

describe("intrinsic functions", () => {
  test.each<[string, unknown, unknown]>([
    ["a plain value", { a: [1, true, "x"] }, { a: [1, true, "x"] }],
    ["Ref of a table: its name", { Ref: "Table" }, "Stack-Table"],
    ["Ref of a pseudo parameter", { Ref: "AWS::Region" }, "us-east-1"],
    ["Ref of the partition", { Ref: "AWS::Partition" }, "aws"],
    [
      "GetAtt as a list",
      { "Fn::GetAtt": ["Table", "Arn"] },
      "arn:aws:dynamodb:us-east-1:000000000000:table/Stack-Table",
    ],
    ["GetAtt as a text", { "Fn::GetAtt": "Role.Arn" }, "arn:aws:iam::000000000000:role/Stack-Role"],
    [
      "Join with a reference inside",
      { "Fn::Join": ["/", [{ Ref: "Table" }, "index", "*"]] },
      "Stack-Table/index/*",
    ],
    ["Split and Select", { "Fn::Select": [1, { "Fn::Split": ["-", { Ref: "Table" }] }] }, "Table"],
    [
      "Sub of references, attributes and pseudo parameters",
      { "Fn::Sub": "${AWS::AccountId}/${Table}/${Role.Arn}/${!Literal}" },
      "000000000000/Stack-Table/arn:aws:iam::000000000000:role/Stack-Role/${Literal}",
    ],
    [
      "Sub with variables of its own",
      { "Fn::Sub": ["${Name} of ${Table}", { Name: { Ref: "AWS::StackName" } }] },
      "Stack of Stack-Table",
    ],
    ["a member that is no value", { a: 1, b: { Ref: "AWS::NoValue" } }, { a: 1 }],
  ])("%s", (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test.each<[string, unknown, RegExp]>([
    ["an unknown function", { "Fn::ImportValue": "x" }, /Machine uses Fn::ImportValue/],
    ["a resource that is not there", { Ref: "Nobody" }, /refers to Nobody, which is not there/],
    [
      "an attribute that is not known",
      { "Fn::GetAtt": ["Table", "StreamArn"] },
      /uses Table.StreamArn, which is not known/,
    ],
    ["a selection of nothing", { "Fn::Select": [5, ["a"]] }, /selects nothing/],
  ])("%s is refused by name", (_, value, message) => {
    expect(() => resolved(value)).toThrow(
      expect.objectContaining({
        code: "TemplateNotUnderstood",
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  test("the secret of an app client may stand in a Secret, and nowhere else", () => {
    const clientSecret = { "Fn::GetAtt": ["Client", "ClientSecret"] };
    const holding = (type: string, property: string) =>
      template({
        Client: { type: "AWS::Cognito::UserPoolClient" },
        Holder: { type, properties: { [property]: clientSecret } },
      });

    const [client, holder] = resolveTemplate(
      holding("AWS::SecretsManager::Secret", "SecretString"),
      DEPLOYMENT,
    );

    expect(holder?.properties.SecretString).toBe(`{{local:client-secret:${client?.physical.ref}}}`);
    expect(() =>
      resolveTemplate(holding("AWS::Logs::LogGroup", "LogGroupName"), DEPLOYMENT),
    ).toThrow("Holder uses an app client's ClientSecret, which only a Secret may hold.");
  });

  // REQ: unknown-is-refused
  test("a resource type that is not imitated is refused by name", () => {
    const odd = template({ Server: { type: "AWS::EC2::Instance" } });

    expect(() => resolveTemplate(odd, DEPLOYMENT)).toThrow(
      "Server is of the type AWS::EC2::Instance, which is not imitated.",
    );
  });
});

test("generated ids are the same for the same folder and other for another", () => {
  const pool = template({ Pool: { type: "AWS::Cognito::UserPool" } });
  const idWith = (masterSecret: string) =>
    resolveTemplate(pool, { ...DEPLOYMENT, masterSecret })[0]?.physical.ref;

  expect(idWith("one")).toBe(idWith("one"));
  expect(idWith("one")).not.toBe(idWith("two"));
  expect(idWith("one")).toMatch(/^us-east-1_[0-9a-z]{9}$/);
});

test("a role has its inline policies and those that are attached to it, and no others", () => {
  const resources = resolveTemplate(
    template({
      Mine: {
        type: "AWS::IAM::Role",
        properties: { Policies: [{ PolicyName: "inline", PolicyDocument: { inline: 1 } }] },
      },
      Other: { type: "AWS::IAM::Role" },
      Attached: {
        type: "AWS::IAM::Policy",
        properties: {
          PolicyName: "attached",
          PolicyDocument: { attached: 1 },
          Roles: [{ Ref: "Mine" }],
        },
      },
    }),
    DEPLOYMENT,
  );

  const [mine, other] = templateRoles(resources);

  expect(mine?.policies).toEqual([
    { name: "inline", document: { inline: 1 } },
    { name: "attached", document: { attached: 1 } },
  ]);
  expect(other?.policies).toEqual([]);
});

describe("functions", () => {
  const functionOf = (properties: object) => {
    const whole = template({
      Function: {
        type: "AWS::Lambda::Function",
        properties: {
          Code: { S3Bucket: "bucket", S3Key: "abc.zip" },
          Role: "arn:role",
          Handler: "index.handler",
          Runtime: "nodejs24.x",
          ...properties,
        },
      },
    });
    return templateFunctions(whole, resolveTemplate(whole, DEPLOYMENT))[0];
  };

  test("have Lambda's own defaults where the template is silent", () => {
    expect(functionOf({})).toEqual({
      name: "Stack-Function",
      arn: "arn:aws:lambda:us-east-1:000000000000:function:Stack-Function",
      roleArn: "arn:role",
      codeDirectory: "/assets/abc",
      compileCacheDirectory: "/assets/.compile-cache",
      handler: "index.handler",
      timeoutSeconds: 3,
      memorySizeMb: 128,
      environment: {},
    });
  });

  test("of another runtime are refused by name", () => {
    expect(() => functionOf({ Runtime: "python3.13" })).toThrow(
      "Function runs on python3.13; only Node.js is imitated.",
    );
  });
});
