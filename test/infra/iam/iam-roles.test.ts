import { expect, test } from "vitest";
import { createIam, type Iam } from "#local/iam/iam.ts";

const ROLE = "arn:aws:iam::000000000000:role/Home";

const iamTrusting = (
  statement: object,
  options: { readonly masterSecret?: string; readonly managedPolicyArns?: readonly string[] } = {},
): Iam =>
  createIam({
    accountId: "000000000000",
    masterSecret: options.masterSecret ?? "secret",
    operator: { accessKeyId: "AKIAOPERATOR", secretAccessKey: "operator-secret" },
    roles: [
      {
        arn: ROLE,
        name: "Home",
        assumeRolePolicyDocument: {
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "lambda.amazonaws.com" },
              ...statement,
            },
          ],
        },
        policies: [],
        managedPolicyArns: options.managedPolicyArns ?? [],
      },
    ],
  });

test("a service that the role trusts gets credentials by which it is found again", () => {
  const iam = iamTrusting({});

  const credentials = iam.credentialsFor(ROLE, "lambda.amazonaws.com");

  expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(credentials.secretAccessKey).toHaveLength(40);
  expect(iam.find(credentials.accessKeyId)).toEqual({
    caller: { arn: "arn:aws:sts::000000000000:assumed-role/Home/local", roleArn: ROLE },
    credentials,
  });
});

test("the operator is found, a key that nobody has is not", () => {
  const iam = iamTrusting({});

  expect(iam.find("AKIAOPERATOR")?.caller).toEqual({
    arn: "arn:aws:iam::000000000000:user/operator",
  });
  expect(iam.find("AKIANOBODY")).toBeUndefined();
});

test("credentials stay the same over a restart, and differ with the secret", () => {
  const first = iamTrusting({}).credentialsFor(ROLE, "lambda.amazonaws.com");
  const again = iamTrusting({}).credentialsFor(ROLE, "lambda.amazonaws.com");
  const elsewhere = iamTrusting({}, { masterSecret: "other" }).credentialsFor(
    ROLE,
    "lambda.amazonaws.com",
  );

  expect(again).toEqual(first);
  expect(elsewhere.secretAccessKey).not.toBe(first.secretAccessKey);
  expect(elsewhere.accessKeyId).not.toBe(first.accessKeyId);
});

test.each([
  ["the role trusts another service", {}, "states.amazonaws.com", undefined],
  [
    "the role trusts an account",
    { Principal: { AWS: "arn:aws:iam::000000000000:root" } },
    "lambda.amazonaws.com",
    undefined,
  ],
  ["the statement denies", { Effect: "Deny" }, "lambda.amazonaws.com", undefined],
  [
    "the statement allows something else",
    { Action: "sts:TagSession" },
    "lambda.amazonaws.com",
    undefined,
  ],
  [
    "another account is asked for",
    { Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } } },
    "lambda.amazonaws.com",
    undefined,
  ],
  [
    "the source is of another account",
    { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:lambda:*:111111111111:*" } } },
    "lambda.amazonaws.com",
    undefined,
  ],
  [
    "the source must not be like it",
    { Condition: { ArnNotLike: { "aws:SourceArn": "arn:aws:lambda:*:000000000000:*" } } },
    "lambda.amazonaws.com",
    undefined,
  ],
  [
    "the source is another one",
    {
      Condition: {
        ArnEquals: { "aws:SourceArn": "arn:aws:lambda:us-east-1:000000000000:function:a" },
      },
    },
    "lambda.amazonaws.com",
    "arn:aws:lambda:us-east-1:000000000000:function:b",
  ],
  [
    "a condition is not understood",
    { Condition: { StringEquals: { "sts:ExternalId": "x" } } },
    "lambda.amazonaws.com",
    undefined,
  ],
])("no credentials when %s", (_why, statement, service, source) => {
  const iam = iamTrusting(statement);

  const asking = () => iam.credentialsFor(ROLE, service, source);

  expect(asking).toThrow(
    expect.objectContaining({
      code: "AccessDenied",
      message: `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
    }),
  );
});

test.each([
  [
    "several services",
    { Principal: { Service: ["states.amazonaws.com", "lambda.amazonaws.com"] } },
    undefined,
  ],
  [
    "this account",
    { Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } } },
    undefined,
  ],
  [
    "a source of this account, where the source is not told",
    { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:lambda:us-east-1:000000000000:*" } } },
    undefined,
  ],
  [
    "this source",
    {
      Condition: {
        ArnLike: { "aws:SourceArn": "arn:aws:lambda:us-east-1:000000000000:function:*" },
      },
    },
    "arn:aws:lambda:us-east-1:000000000000:function:tools",
  ],
])("credentials when the role trusts %s", (_what, statement, source) => {
  const iam = iamTrusting(statement);

  const credentials = iam.credentialsFor(ROLE, "lambda.amazonaws.com", source);

  expect(credentials.sessionToken).toMatch(/^[A-Za-z0-9+/=]{80,}$/);
});

test("no credentials for a role that is not there", () => {
  const iam = iamTrusting({});

  expect(() => iam.credentialsFor(`${ROLE}2`, "lambda.amazonaws.com")).toThrow(
    expect.objectContaining({ code: "AccessDenied" }),
  );
});

test("a managed policy that is known allows what its text says", () => {
  const iam = iamTrusting(
    {},
    { managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"] },
  );
  const caller = { arn: "arn:aws:sts::000000000000:assumed-role/Home/local", roleArn: ROLE };
  const resource = "arn:aws:logs:us-east-1:000000000000:log-group:x:*";

  expect(iam.decide(caller, { action: "logs:PutLogEvents", resource }).allowed).toBe(true);
  expect(iam.decide(caller, { action: "logs:DeleteLogGroup", resource }).allowed).toBe(false);
});

test("a managed policy whose text is not known is refused at start, by name", () => {
  const arn = "arn:aws:iam::aws:policy/AdministratorAccess";

  expect(() => iamTrusting({}, { managedPolicyArns: [arn] })).toThrow(
    expect.objectContaining({
      code: "TemplateNotUnderstood",
      message: expect.stringContaining(
        "Role Home has the managed policy arn:aws:iam::aws:policy/AdministratorAccess",
      ) as string,
    }),
  );
});
