// The managed policies that CDK attaches to roles; texts from
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
import { LocalError } from "#local/wire/local-error.ts";

const allow = (...actions: readonly string[]): unknown => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
});

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const XRAY = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:GetSamplingStatisticSummaries",
];

const MANAGED: Readonly<Record<string, unknown>> = {
  "service-role/AWSLambdaBasicExecutionRole": allow(...LOGS),
  AWSXRayDaemonWriteAccess: allow(...XRAY),
  AWSXrayWriteOnlyAccess: allow(...XRAY),
};

/**
 * The document of an AWS managed policy.
 * @throws LocalError `TemplateNotUnderstood` for one whose text is not known here.
 */
export const managedPolicy = (arn: string, roleName: string): unknown => {
  const name = /^arn:aws[a-z-]*:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? "";
  const document = Object.hasOwn(MANAGED, name) ? MANAGED[name] : undefined;
  if (document === undefined) {
    throw new LocalError(
      "TemplateNotUnderstood",
      `Role ${roleName} has the managed policy ${arn}, whose text the local stack does not know (infra/local/iam/managed-policy.ts).`,
    );
  }
  return document;
};
