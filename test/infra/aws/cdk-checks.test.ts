import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnResource, aws_iam as iam, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SmarthomeScenes, type SmarthomeScenesProps } from "#aws/smarthome-scenes.ts";
import { synthesize } from "#aws/synthesize.ts";
import cdk from "../../../cdk.json" with { type: "json" };

interface Finding {
  readonly rule: string;
  readonly constructs: readonly string[];
  readonly reason: string | undefined;
}

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly RawFinding[];
    readonly suppressedViolations?: readonly RawFinding[];
  }[];
}

interface RawFinding {
  readonly ruleName: string;
  readonly reason?: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "smarthome-checks-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** The stack in an app like that of synthesize, with cdk-nag looking on; `change` spoils it. */
const stackUnderChecks = (
  change?: (stack: SmarthomeScenes) => void,
  props: SmarthomeScenesProps = {},
): App => {
  const app = new App({
    outdir: directory,
    analyticsReporting: false,
    context: { ...cdk.context, "aws:cdk:bundling-stacks": [] },
  });
  const stack = new SmarthomeScenes(app, props);
  change?.(stack);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
};

/** What CDK wrote about its checks. */
const findings = () => {
  const text = readFileSync(join(directory, "validation-report.json"), "utf8");
  const { pluginReports } = JSON.parse(text) as Report;
  const finding = ({ ruleName, reason, violatingConstructs }: RawFinding): Finding => ({
    rule: ruleName,
    constructs: violatingConstructs.map(({ constructPath }) => constructPath),
    reason,
  });
  return {
    open: pluginReports.flatMap(({ violations }) => violations.map(finding)),
    acknowledged: pluginReports.flatMap(({ suppressedViolations = [] }) =>
      suppressedViolations.map(finding),
    ),
  };
};

const WILDCARD = "AwsSolutions-IAM5[Resource::*]";
const SCHEDULES =
  "arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/smarthome-schedules/*";
const ARN = "arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>";

// REQ: checks-find-nothing
test("cdk-nag finds nothing that is not acknowledged with a reason, construct by construct", () => {
  stackUnderChecks().synth();

  const { open, acknowledged } = findings();
  const listed = acknowledged
    .flatMap(({ rule, constructs }) => constructs.map((construct) => `${construct}: ${rule}`))
    .sort();
  expect(open).toEqual([]);
  expect(listed).toEqual(
    [
      "SmarthomeScenes/AlarmTopic/Resource: AwsSolutions-SNS3",
      `SmarthomeScenes/AuditLog/SealRecords/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/AuditTools/Role/Resource: ${WILDCARD}`,
      "SmarthomeScenes/Console/Distribution/Resource: AwsSolutions-CFR1",
      "SmarthomeScenes/Console/Distribution/Resource: AwsSolutions-CFR2",
      "SmarthomeScenes/Console/Distribution/Resource: AwsSolutions-CFR3",
      "SmarthomeScenes/Console/Distribution/Resource: AwsSolutions-CFR4",
      "SmarthomeScenes/Console/Files/Resource: AwsSolutions-S1",
      `SmarthomeScenes/Fleet/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/Home/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/Home/Role/Resource: AwsSolutions-IAM5[Resource::${ARN}:thing/*]`,
      `SmarthomeScenes/Home/Role/Resource: AwsSolutions-IAM5[Resource::${SCHEDULES}]`,
      `SmarthomeScenes/RunScene/AwaitAcknowledgements/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/RunScene/ConcludeRun/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/RunScene/ConcludeRun/Role/Resource: AwsSolutions-IAM5[Resource::${ARN}:thing/*]`,
      `SmarthomeScenes/RunScene/PublishCommands/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/RunScene/PublishCommands/Role/Resource: AwsSolutions-IAM5[Resource::${ARN}:topic/$aws/things/*/shadow/update]`,
      `SmarthomeScenes/RunScene/Role/Resource: ${WILDCARD}`,
      "SmarthomeScenes/RunScene/StateMachine/Resource: AwsSolutions-SF1",
      "SmarthomeScenes/RunScene/UndoFailures/Resource: AwsSolutions-SQS3",
      `SmarthomeScenes/RunScene/UndoPartlyDone/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/RunScene/UndoPartlyDone/Role/Resource: AwsSolutions-IAM5[Resource::${ARN}:thing/*]`,
      "SmarthomeScenes/ScheduledScenes/Failures/Resource: AwsSolutions-SQS3",
      "SmarthomeScenes/ScheduledScenes/MachineClientSecret/Resource: AwsSolutions-SMG4",
      `SmarthomeScenes/ScheduledScenes/RefreshSunSchedules/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/ScheduledScenes/RefreshSunSchedules/Role/Resource: AwsSolutions-IAM5[Resource::${SCHEDULES}]`,
      `SmarthomeScenes/ScheduledScenes/StartScheduledScene/Role/Resource: ${WILDCARD}`,
      "SmarthomeScenes/Schedules/DeadLetters/Resource: AwsSolutions-SQS3",
      `SmarthomeScenes/SignIn/GrantScopes/Role/Resource: ${WILDCARD}`,
      "SmarthomeScenes/SignIn/UserPool/Resource: AwsSolutions-COG2",
      "SmarthomeScenes/SignIn/UserPool/Resource: AwsSolutions-COG8",
      `SmarthomeScenes/ToolGateway/InterceptToolCall/Role/Resource: ${WILDCARD}`,
      `SmarthomeScenes/TopicRules/RepublishLastWills/Resource: AwsSolutions-IAM5[Resource::${ARN}:topic/$aws/things/*/shadow/update]`,
    ].sort(),
  );
  expect(acknowledged.filter(({ reason = "" }) => reason.length < 30)).toEqual([]);
});

// REQ: checks-find-nothing
test("cdk-nag finds nothing in a stage, whose wildcards are narrower", () => {
  stackUnderChecks(undefined, { stage: "dev" }).synth();

  const { open, acknowledged } = findings();
  const narrowed = acknowledged.map(({ rule }) => rule).filter((rule) => rule.includes(":iot:"));
  expect(open).toEqual([]);
  expect(new Set(narrowed)).toEqual(
    new Set([
      `AwsSolutions-IAM5[Resource::${ARN}:thing/dev-*-*]`,
      `AwsSolutions-IAM5[Resource::${ARN}:topic/$aws/things/dev-*-*/shadow/update]`,
    ]),
  );
});

test("cdk-nag would find a role that may do too much", () => {
  const app = stackUnderChecks((stack) => {
    const role = new iam.Role(stack, "Careless", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ["dynamodb:*"], resources: ["*"] }));
  });

  expect(() => app.synth()).toThrow(/AwsSolutions-IAM5/);

  const culprits = new Set(findings().open.flatMap(({ constructs }) => constructs));
  expect(culprits).toEqual(new Set(["SmarthomeScenes/Careless/DefaultPolicy/Resource"]));
});

// REQ: checks-find-nothing
test("CloudFormation's own check finds nothing in the template", () => {
  synthesize(directory, {}, { bundle: false });

  expect(findings()).toEqual({ open: [], acknowledged: [] });
});

test.for<readonly [string, Readonly<Record<string, string>>]>([
  ["a property that there is not", { RoleName: "a", Colour: "green" }],
  ["a property that is missing", {}],
])("CloudFormation's own check would find %s", ([, properties]) => {
  const app = stackUnderChecks((stack) => {
    new CfnResource(stack, "Broken", { type: "AWS::IAM::Role", properties });
  });

  expect(() => app.synth()).toThrow(/Broken/);
});
