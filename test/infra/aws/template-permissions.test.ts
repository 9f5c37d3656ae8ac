import { RegionInfo } from "aws-cdk-lib/region-info";
import { expect, test } from "vitest";
import type { GrantName } from "#aws/grants.ts";
import {
  at,
  objectOf,
  objectsOf,
  resourcesOf,
  synthesizedTemplate,
  type Template,
  type Value,
} from "./synthesized.ts";

interface Statement {
  readonly role: string;
  readonly allows: readonly string[];
  readonly on: string;
  /** The condition, where there is one. */
  readonly when?: Value;
}

/** Only items whose partition key is like this, and only where a request names its key. */
const onlyKeys = (pattern: string | readonly string[]) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": pattern },
  Null: { "dynamodb:LeadingKeys": "false" },
});

const AUDIT = "<TablesAuditTable.Arn>";
const LOG = "<TablesLogTable.Arn>";
const IOT = "arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>";
const HOME_TABLE = "<TablesHomeTable.Arn>";
const DEAD_LETTERS = "<SchedulesDeadLetters.Arn>";
const PLACE = [
  "scheduler:CreateSchedule",
  "scheduler:DeleteSchedule",
  "scheduler:GetSchedule",
  "scheduler:UpdateSchedule",
];
const PLACED =
  "arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/smarthome-schedules/*";
const TO_THE_SCHEDULER = {
  StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" },
};
const WRITE_LOG = ["logs:CreateLogStream", "logs:PutLogEvents"];
const WRITE_TRACES = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

// Every permission that anything in the stack has.
const STATEMENTS: Readonly<Record<GrantName, Statement>> = {
  "home may write its log": { role: "HomeRole", allows: WRITE_LOG, on: "<HomeLog.Arn>" },
  "home may trace": { role: "HomeRole", allows: WRITE_TRACES, on: "*" },
  "home may read the home": {
    role: "HomeRole",
    allows: ["dynamodb:Query"],
    on: "<TablesHomeTable.Arn>",
  },
  "home may read the audit": { role: "HomeRole", allows: ["dynamodb:Query"], on: AUDIT },
  "home may read what devices reported": {
    role: "HomeRole",
    allows: ["dynamodb:Query"],
    on: `${AUDIT}/index/byDevice`,
  },
  "home may list runs": {
    role: "HomeRole",
    allows: ["dynamodb:Query"],
    on: `${AUDIT}/index/byHomeDay`,
  },
  "home may record who looks": {
    role: "HomeRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#ACCESS#*"),
  },
  "home may record refusals": {
    role: "HomeRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("REFUSED#*"),
  },
  "home may save scenes": {
    role: "HomeRole",
    allows: ["dynamodb:PutItem"],
    on: "<TablesHomeTable.Arn>",
    when: onlyKeys("HOME#*#SCENES"),
  },
  "home may record changes": {
    role: "HomeRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#CHANGE#*"),
  },
  "home may read shadows": {
    role: "HomeRole",
    allows: ["iot:GetThingShadow"],
    on: `${IOT}:thing/*`,
  },
  "home may record plans": {
    role: "HomeRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#PLAN#*"),
  },
  "home may record approvals": {
    role: "HomeRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#APPROVAL#*"),
  },
  "home may run scenes": {
    role: "HomeRole",
    allows: ["states:StartExecution", "states:StartSyncExecution"],
    on: "<RunSceneStateMachine>",
  },
  "undo-partly-done may write its log": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["logs:CreateLogStream", "logs:PutLogEvents"],
    on: "<RunSceneUndoPartlyDoneLog.Arn>",
  },
  "undo-partly-done may trace": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    on: "*",
  },
  "undo-partly-done may read homes": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["dynamodb:Query"],
    on: HOME_TABLE,
    when: onlyKeys(["PRINCIPAL#*", "HOME#*"]),
  },
  "undo-partly-done may read the audit": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["dynamodb:Query"],
    on: AUDIT,
    when: onlyKeys("HOME#*#RUN#*"),
  },
  "undo-partly-done may read shadows": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["iot:GetThingShadow"],
    on: "arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>:thing/*",
  },
  "undo-partly-done may run scenes": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["states:StartExecution"],
    on: "<RunSceneStateMachine>",
  },
  "undo-partly-done may record undos": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#RUN#*"),
  },
  "undo-partly-done may record refusals": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("REFUSED#*"),
  },
  "undo-partly-done may keep what it could not do": {
    role: "RunSceneUndoPartlyDoneRole",
    allows: ["sqs:SendMessage"],
    on: "<RunSceneUndoFailures.Arn>",
  },
  "run-scene may invoke undo-partly-done": {
    role: "RunSceneRole",
    allows: ["lambda:InvokeFunction"],
    on: "arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:smarthome-undo-partly-done",
  },
  "home may claim runs": {
    role: "HomeRole",
    allows: ["dynamodb:PutItem"],
    on: HOME_TABLE,
    when: onlyKeys("HOME#*#CLAIMS"),
  },
  "home may write schedules": {
    role: "HomeRole",
    allows: ["dynamodb:DeleteItem", "dynamodb:PutItem"],
    on: HOME_TABLE,
    when: onlyKeys("HOME#*#SCHEDULES"),
  },
  "home may place schedules": { role: "HomeRole", allows: PLACE, on: PLACED },
  "home may pass the schedules role": {
    role: "HomeRole",
    allows: ["iam:PassRole"],
    on: "<SchedulesRole.Arn>",
    when: TO_THE_SCHEDULER,
  },

  "schedules may start scenes": {
    role: "SchedulesRole",
    allows: ["lambda:InvokeFunction"],
    on: "arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:smarthome-start-scheduled-scene",
  },
  "schedules may keep dead letters": {
    role: "SchedulesRole",
    allows: ["sqs:SendMessage"],
    on: DEAD_LETTERS,
  },
  "run-canary may write its log": {
    role: "CanaryRunCanaryRole",
    allows: WRITE_LOG,
    on: "<CanaryRunCanaryLog.Arn>",
  },
  "run-canary may trace": { role: "CanaryRunCanaryRole", allows: WRITE_TRACES, on: "*" },
  "run-canary may read the machine client secret": {
    role: "CanaryRunCanaryRole",
    allows: ["secretsmanager:GetSecretValue"],
    on: "<ScheduledScenesMachineClientSecret>",
  },
  "run-canary may be its lamp": {
    role: "CanaryRunCanaryRole",
    allows: ["iot:GetThingShadow", "iot:UpdateThingShadow"],
    on: "arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>:thing/canary-lamp",
  },
  "canary-schedule may invoke run-canary": {
    role: "CanaryScheduleRole",
    allows: ["lambda:InvokeFunction"],
    on: "<CanaryRunCanaryFunction.Arn>",
  },
  "refresh may be started": {
    role: "ScheduledScenesRefreshRole",
    allows: ["lambda:InvokeFunction"],
    on: "<ScheduledScenesRefreshSunSchedulesFunction.Arn>",
  },
  "refresh may keep dead letters": {
    role: "ScheduledScenesRefreshRole",
    allows: ["sqs:SendMessage"],
    on: DEAD_LETTERS,
  },

  "start-scheduled-scene may write its log": {
    role: "ScheduledScenesStartScheduledSceneRole",
    allows: WRITE_LOG,
    on: "<ScheduledScenesStartScheduledSceneLog.Arn>",
  },
  "start-scheduled-scene may trace": {
    role: "ScheduledScenesStartScheduledSceneRole",
    allows: WRITE_TRACES,
    on: "*",
  },
  "start-scheduled-scene may read homes and schedules": {
    role: "ScheduledScenesStartScheduledSceneRole",
    allows: ["dynamodb:GetItem"],
    on: HOME_TABLE,
    when: onlyKeys("HOME#*"),
  },
  "start-scheduled-scene may read firings": {
    role: "ScheduledScenesStartScheduledSceneRole",
    allows: ["dynamodb:Query"],
    on: AUDIT,
    when: onlyKeys("HOME#*#SCHEDULE#*"),
  },
  "start-scheduled-scene may record firings": {
    role: "ScheduledScenesStartScheduledSceneRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#SCHEDULE#*"),
  },
  "start-scheduled-scene may read the machine client secret": {
    role: "ScheduledScenesStartScheduledSceneRole",
    allows: ["secretsmanager:GetSecretValue"],
    on: "<ScheduledScenesMachineClientSecret>",
  },
  "start-scheduled-scene may keep what it could not do": {
    role: "ScheduledScenesStartScheduledSceneRole",
    allows: ["sqs:SendMessage"],
    on: "<ScheduledScenesFailures.Arn>",
  },

  "refresh-sun-schedules may write its log": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: WRITE_LOG,
    on: "<ScheduledScenesRefreshSunSchedulesLog.Arn>",
  },
  "refresh-sun-schedules may trace": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: WRITE_TRACES,
    on: "*",
  },
  "refresh-sun-schedules may list homes": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["dynamodb:Query"],
    on: HOME_TABLE,
    when: onlyKeys("HOMES"),
  },
  "refresh-sun-schedules may read homes": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["dynamodb:GetItem"],
    on: HOME_TABLE,
    when: onlyKeys("HOME#*"),
  },
  "refresh-sun-schedules may read schedules": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["dynamodb:Query"],
    on: HOME_TABLE,
    when: onlyKeys("HOME#*#SCHEDULES"),
  },
  "refresh-sun-schedules may write schedules": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["dynamodb:DeleteItem", "dynamodb:PutItem"],
    on: HOME_TABLE,
    when: onlyKeys("HOME#*#SCHEDULES"),
  },
  "refresh-sun-schedules may place schedules": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: PLACE,
    on: PLACED,
  },
  "refresh-sun-schedules may pass the schedules role": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["iam:PassRole"],
    on: "<SchedulesRole.Arn>",
    when: TO_THE_SCHEDULER,
  },
  "refresh-sun-schedules may record firings": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#SCHEDULE#*"),
  },
  "refresh-sun-schedules may record what it did": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("SUN#REFRESHES"),
  },
  "refresh-sun-schedules may keep what it could not do": {
    role: "ScheduledScenesRefreshSunSchedulesRole",
    allows: ["sqs:SendMessage"],
    on: "<ScheduledScenesFailures.Arn>",
  },

  "fleet may write its log": { role: "FleetRole", allows: WRITE_LOG, on: "<FleetLog.Arn>" },
  "fleet may trace": { role: "FleetRole", allows: WRITE_TRACES, on: "*" },
  "fleet may read who looks after every home": {
    role: "FleetRole",
    allows: ["dynamodb:Query"],
    on: "<TablesHomeTable.Arn>",
    when: onlyKeys("PRINCIPAL#*"),
  },
  "fleet may read the runs of all homes": {
    role: "FleetRole",
    allows: ["dynamodb:Query"],
    on: `${AUDIT}/index/byFleetDay`,
  },
  "fleet may record who looks": {
    role: "FleetRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("FLEET#ACCESS#*"),
  },
  "fleet may record refusals": {
    role: "FleetRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("REFUSED#*"),
  },

  "audit may write its log": {
    role: "AuditToolsRole",
    allows: WRITE_LOG,
    on: "<AuditToolsLog.Arn>",
  },
  "audit may trace": { role: "AuditToolsRole", allows: WRITE_TRACES, on: "*" },
  "audit may read who belongs where": {
    role: "AuditToolsRole",
    allows: ["dynamodb:Query"],
    on: "<TablesHomeTable.Arn>",
    when: onlyKeys("PRINCIPAL#*"),
  },
  "audit may list runs": {
    role: "AuditToolsRole",
    allows: ["dynamodb:Query"],
    on: `${AUDIT}/index/byHomeDay`,
  },
  "audit may read what devices reported": {
    role: "AuditToolsRole",
    allows: ["dynamodb:Query"],
    on: `${AUDIT}/index/byDevice`,
  },
  "audit may read runs": {
    role: "AuditToolsRole",
    allows: ["dynamodb:Query"],
    on: AUDIT,
    when: onlyKeys("HOME#*#RUN#*"),
  },
  "audit may read the log": {
    role: "AuditToolsRole",
    allows: ["dynamodb:GetItem", "dynamodb:Query"],
    on: "<TablesLogTable.Arn>",
  },
  "audit may read its key": {
    role: "AuditToolsRole",
    allows: ["kms:GetPublicKey"],
    on: "<AuditLogKey.Arn>",
  },
  "audit may record who looks": {
    role: "AuditToolsRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#ACCESS#*"),
  },
  "audit may record refusals": {
    role: "AuditToolsRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("REFUSED#*"),
  },

  "publish-commands may write its log": {
    role: "RunScenePublishCommandsRole",
    allows: WRITE_LOG,
    on: "<RunScenePublishCommandsLog.Arn>",
  },
  "publish-commands may trace": {
    role: "RunScenePublishCommandsRole",
    allows: WRITE_TRACES,
    on: "*",
  },
  "publish-commands may read the audit": {
    role: "RunScenePublishCommandsRole",
    allows: ["dynamodb:Query"],
    on: AUDIT,
    when: onlyKeys(["HOME#*#RUN#*", "HOME#*#CHANGE#*"]),
  },
  "publish-commands may publish": {
    role: "RunScenePublishCommandsRole",
    allows: ["iot:Publish"],
    on: `${IOT}:topic/$aws/things/*/shadow/update`,
  },

  "await-acknowledgements may write its log": {
    role: "RunSceneAwaitAcknowledgementsRole",
    allows: WRITE_LOG,
    on: "<RunSceneAwaitAcknowledgementsLog.Arn>",
  },
  "await-acknowledgements may trace": {
    role: "RunSceneAwaitAcknowledgementsRole",
    allows: WRITE_TRACES,
    on: "*",
  },
  "await-acknowledgements may read the audit": {
    role: "RunSceneAwaitAcknowledgementsRole",
    allows: ["dynamodb:Query"],
    on: AUDIT,
    when: onlyKeys("HOME#*#RUN#*"),
  },

  "conclude-run may write its log": {
    role: "RunSceneConcludeRunRole",
    allows: WRITE_LOG,
    on: "<RunSceneConcludeRunLog.Arn>",
  },
  "conclude-run may trace": { role: "RunSceneConcludeRunRole", allows: WRITE_TRACES, on: "*" },
  "conclude-run may read the audit": {
    role: "RunSceneConcludeRunRole",
    allows: ["dynamodb:Query"],
    on: AUDIT,
    when: onlyKeys(["HOME#*#RUN#*", "HOME#*#CHANGE#*"]),
  },
  "conclude-run may read shadows": {
    role: "RunSceneConcludeRunRole",
    allows: ["iot:GetThingShadow"],
    on: `${IOT}:thing/*`,
  },
  "conclude-run may update shadows": {
    role: "RunSceneConcludeRunRole",
    allows: ["iot:UpdateThingShadow"],
    on: `${IOT}:thing/*`,
  },

  "intercept-tool-call may write its log": {
    role: "ToolGatewayInterceptToolCallRole",
    allows: WRITE_LOG,
    on: "<ToolGatewayInterceptToolCallLog.Arn>",
  },
  "intercept-tool-call may trace": {
    role: "ToolGatewayInterceptToolCallRole",
    allows: WRITE_TRACES,
    on: "*",
  },
  "intercept-tool-call may record refusals": {
    role: "ToolGatewayInterceptToolCallRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("REFUSED#*"),
  },

  "grant-scopes may write its log": {
    role: "SignInGrantScopesRole",
    allows: WRITE_LOG,
    on: "<SignInGrantScopesLog.Arn>",
  },
  "grant-scopes may trace": { role: "SignInGrantScopesRole", allows: WRITE_TRACES, on: "*" },

  "seal-records may write its log": {
    role: "AuditLogSealRecordsRole",
    allows: WRITE_LOG,
    on: "<AuditLogSealRecordsLog.Arn>",
  },
  "seal-records may trace": { role: "AuditLogSealRecordsRole", allows: WRITE_TRACES, on: "*" },
  "seal-records may find records": {
    role: "AuditLogSealRecordsRole",
    allows: ["dynamodb:Query"],
    on: `${AUDIT}/index/bySeal`,
  },
  "seal-records may read records": {
    role: "AuditLogSealRecordsRole",
    allows: ["dynamodb:BatchGetItem"],
    on: AUDIT,
  },
  "seal-records may record retention": {
    role: "AuditLogSealRecordsRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys(["HOME#*#RETENTION", "RETENTION"]),
  },
  "seal-records may read the log": {
    role: "AuditLogSealRecordsRole",
    allows: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
    on: LOG,
  },
  "seal-records may append to the log": {
    role: "AuditLogSealRecordsRole",
    allows: ["dynamodb:PutItem"],
    on: LOG,
    when: {
      "ForAnyValue:StringEquals": { "dynamodb:EnclosingOperation": "TransactWriteItems" },
    },
  },
  "seal-records may put leases and signed heads": {
    role: "AuditLogSealRecordsRole",
    allows: ["dynamodb:PutItem"],
    on: LOG,
    when: onlyKeys("CTL#*"),
  },
  "seal-records may sign": {
    role: "AuditLogSealRecordsRole",
    allows: ["kms:Sign"],
    on: "<AuditLogKey.Arn>",
    when: { StringEquals: { "kms:SigningAlgorithm": "ED25519_SHA_512" } },
  },
  "seal-records may read its key": {
    role: "AuditLogSealRecordsRole",
    allows: ["kms:GetPublicKey"],
    on: "<AuditLogKey.Arn>",
  },
  "seal-schedule may invoke seal-records": {
    role: "AuditLogScheduleRole",
    allows: ["lambda:InvokeFunction"],
    on: "<AuditLogSealRecordsFunction.Arn>",
  },

  "sweep-runs may write its log": {
    role: "RunSweeperSweepRunsRole",
    allows: WRITE_LOG,
    on: "<RunSweeperSweepRunsLog.Arn>",
  },
  "sweep-runs may trace": { role: "RunSweeperSweepRunsRole", allows: WRITE_TRACES, on: "*" },
  "sweep-runs may find open runs": {
    role: "RunSweeperSweepRunsRole",
    allows: ["dynamodb:Query"],
    on: `${AUDIT}/index/byFleetDay`,
  },
  "sweep-runs may read runs and changes": {
    role: "RunSweeperSweepRunsRole",
    allows: ["dynamodb:Query"],
    on: AUDIT,
    when: onlyKeys(["HOME#*#RUN#*", "HOME#*#CHANGE#*"]),
  },
  "sweep-runs may record outcomes": {
    role: "RunSweeperSweepRunsRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#RUN#*"),
  },
  "sweep-runs may keep how far it came": {
    role: "RunSweeperSweepRunsRole",
    allows: ["dynamodb:GetItem", "dynamodb:PutItem"],
    on: LOG,
    when: onlyKeys("CTL#SWEEPER"),
  },
  "sweep-runs may read shadows": {
    role: "RunSweeperSweepRunsRole",
    allows: ["iot:GetThingShadow"],
    on: `${IOT}:thing/*`,
  },
  "sweep-runs may update shadows": {
    role: "RunSweeperSweepRunsRole",
    allows: ["iot:UpdateThingShadow"],
    on: `${IOT}:thing/*`,
  },
  "sweep-schedule may invoke sweep-runs": {
    role: "RunSweeperScheduleRole",
    allows: ["lambda:InvokeFunction"],
    on: "<RunSweeperSweepRunsFunction.Arn>",
  },

  "run-scene may invoke publish-commands": {
    role: "RunSceneRole",
    allows: ["lambda:InvokeFunction"],
    on: "<RunScenePublishCommandsFunction.Arn>",
  },
  "run-scene may invoke await-acknowledgements": {
    role: "RunSceneRole",
    allows: ["lambda:InvokeFunction"],
    on: "<RunSceneAwaitAcknowledgementsFunction.Arn>",
  },
  "run-scene may invoke conclude-run": {
    role: "RunSceneRole",
    allows: ["lambda:InvokeFunction"],
    on: "<RunSceneConcludeRunFunction.Arn>",
  },
  "run-scene may put audit records": {
    role: "RunSceneRole",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#RUN#*"),
  },
  "run-scene may write its log": {
    role: "RunSceneRole",
    allows: [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    on: "*",
  },
  "run-scene may trace": {
    role: "RunSceneRole",
    allows: [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ],
    on: "*",
  },

  "iot-rule may put acknowledgements": {
    role: "TopicRulesPutAcknowledgements",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#RUN#*"),
  },
  "iot-rule may put changes": {
    role: "TopicRulesPutChanges",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys("HOME#*#CHANGE#*"),
  },
  "iot-rule may republish last wills": {
    role: "TopicRulesRepublishLastWills",
    allows: ["iot:Publish"],
    on: `${IOT}:topic/$aws/things/*/shadow/update`,
  },
  "iot-rule may write its errors": {
    role: "TopicRulesWriteErrors",
    allows: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    on: "<TopicRulesErrors.Arn>",
  },

  "gateway may invoke home": {
    role: "ToolGatewayRole",
    allows: ["lambda:InvokeFunction"],
    on: "<HomeFunction.Arn>",
  },
  "gateway may invoke fleet": {
    role: "ToolGatewayRole",
    allows: ["lambda:InvokeFunction"],
    on: "<FleetFunction.Arn>",
  },
  "gateway may invoke audit": {
    role: "ToolGatewayRole",
    allows: ["lambda:InvokeFunction"],
    on: "<AuditToolsFunction.Arn>",
  },
  "gateway may invoke intercept-tool-call": {
    role: "ToolGatewayRole",
    allows: ["lambda:InvokeFunction"],
    on: "<ToolGatewayInterceptToolCallFunction.Arn>",
  },
};

// Object.entries forgets what the keys are.
const parseGrants = (statements: typeof STATEMENTS) =>
  Object.entries(statements) as readonly [GrantName, Statement][];

const GRANTS = parseGrants(STATEMENTS);

/** "home may trace" → "HomeMayTrace", which is what a Sid may be made of. */
const sidOf = (name: string): string =>
  name.replaceAll(/(?:^|[ -])([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Every statement of every role by its Sid. */
const statementsIn = (template: Template): ReadonlyMap<string, Statement & { effect: string }> => {
  const found = [...resourcesOf(template, "AWS::IAM::Role")].flatMap(([role, properties]) =>
    objectsOf(properties.Policies).flatMap((policy) =>
      objectsOf(at(policy, "PolicyDocument", "Statement")).map(
        ({ Sid, Effect, Action, Resource, Condition }) => ({
          sid: String(Sid),
          statement: {
            role,
            effect: String(Effect),
            allows: [Action ?? []].flat().map(String),
            on: String(Resource),
            ...(Condition === undefined ? {} : { when: Condition }),
          },
        }),
      ),
    ),
  );
  const bySid = new Map(found.map(({ sid, statement }) => [sid, statement]));
  expect(bySid.size).toBe(found.length);
  return bySid;
};

// What is off by default, too.
const everything = synthesizedTemplate({ canary: true });

test("every role has exactly the statements of the table, and none is a policy of AWS", () => {
  const statements = statementsIn(everything);

  const roles = resourcesOf(everything, "AWS::IAM::Role");
  expect(Object.fromEntries(statements)).toEqual(
    Object.fromEntries(GRANTS.map(([name, grant]) => [sidOf(name), { effect: "Allow", ...grant }])),
  );
  expect([...roles.values()].filter((role) => role.ManagedPolicyArns !== undefined)).toEqual([]);
  expect(new Set(GRANTS.map(([, { role }]) => role))).toEqual(new Set(roles.keys()));
  expect(resourcesOf(everything, "AWS::IAM::Policy").size).toBe(0);
  expect(resourcesOf(everything, "AWS::IAM::ManagedPolicy").size).toBe(0);
});

test.for(GRANTS)("leaving out %j removes exactly that statement", ([name, { role }]) => {
  const whole = statementsIn(everything);

  const template = synthesizedTemplate({ leaveOutGrants: [name], canary: true });

  const rest = statementsIn(template);
  expect([...whole.keys()].filter((sid) => !rest.has(sid))).toEqual([sidOf(name)]);
  expect(rest.size).toBe(whole.size - 1);
  expect(template.resources.has(role)).toBe(true);
  expect(template.resources.size).toBe(everything.resources.size);
});

// REQ: audit-only-grows
test("runs are written by the workflow, what takes one back, the sweeper and the IoT rules alone, looks, refusals, changes, plans and approvals by the functions that answer them, nothing is changed or deleted", () => {
  const statements = [...statementsIn(everything).values()];

  const writers = statements.filter(
    ({ allows, on }) =>
      on.startsWith(AUDIT) && allows.some((action) => /^dynamodb:(?!Query$|GetItem$)/.test(action)),
  );

  const writer = (role: string, keys: string) => ({
    role,
    effect: "Allow",
    allows: ["dynamodb:PutItem"],
    on: AUDIT,
    when: onlyKeys(keys),
  });
  expect(writers.filter(({ role }) => role !== "AuditLogSealRecordsRole")).toEqual([
    writer("TopicRulesPutAcknowledgements", "HOME#*#RUN#*"),
    writer("TopicRulesPutChanges", "HOME#*#CHANGE#*"),
    writer("RunSceneRole", "HOME#*#RUN#*"),
    writer("RunSceneUndoPartlyDoneRole", "HOME#*#RUN#*"),
    writer("RunSceneUndoPartlyDoneRole", "REFUSED#*"),
    writer("RunSweeperSweepRunsRole", "HOME#*#RUN#*"),
    writer("HomeRole", "HOME#*#ACCESS#*"),
    writer("HomeRole", "REFUSED#*"),
    writer("HomeRole", "HOME#*#CHANGE#*"),
    writer("HomeRole", "HOME#*#PLAN#*"),
    writer("HomeRole", "HOME#*#APPROVAL#*"),
    writer("FleetRole", "FLEET#ACCESS#*"),
    writer("FleetRole", "REFUSED#*"),
    writer("AuditToolsRole", "HOME#*#ACCESS#*"),
    writer("AuditToolsRole", "REFUSED#*"),
    writer("ToolGatewayInterceptToolCallRole", "REFUSED#*"),
    writer("ScheduledScenesStartScheduledSceneRole", "HOME#*#SCHEDULE#*"),
    writer("ScheduledScenesRefreshSunSchedulesRole", "HOME#*#SCHEDULE#*"),
    writer("ScheduledScenesRefreshSunSchedulesRole", "SUN#REFRESHES"),
  ]);
});

test("of the home table, schedules, scenes and claims alone are written by what is deployed, and by two functions", () => {
  const statements = [...statementsIn(everything).values()];

  const onHomes = statements
    .filter(({ on }) => on.includes("HomeTable"))
    .map(({ role, allows, when }) => [role, allows, when]);

  expect(onHomes).toEqual([
    ["RunSceneUndoPartlyDoneRole", ["dynamodb:Query"], onlyKeys(["PRINCIPAL#*", "HOME#*"])],
    ["HomeRole", ["dynamodb:Query"], undefined],
    ["HomeRole", ["dynamodb:PutItem"], onlyKeys("HOME#*#SCENES")],
    ["HomeRole", ["dynamodb:PutItem"], onlyKeys("HOME#*#CLAIMS")],
    ["HomeRole", ["dynamodb:DeleteItem", "dynamodb:PutItem"], onlyKeys("HOME#*#SCHEDULES")],
    ["FleetRole", ["dynamodb:Query"], onlyKeys("PRINCIPAL#*")],
    ["AuditToolsRole", ["dynamodb:Query"], onlyKeys("PRINCIPAL#*")],
    ["ScheduledScenesStartScheduledSceneRole", ["dynamodb:GetItem"], onlyKeys("HOME#*")],
    ["ScheduledScenesRefreshSunSchedulesRole", ["dynamodb:Query"], onlyKeys("HOMES")],
    ["ScheduledScenesRefreshSunSchedulesRole", ["dynamodb:GetItem"], onlyKeys("HOME#*")],
    ["ScheduledScenesRefreshSunSchedulesRole", ["dynamodb:Query"], onlyKeys("HOME#*#SCHEDULES")],
    [
      "ScheduledScenesRefreshSunSchedulesRole",
      ["dynamodb:DeleteItem", "dynamodb:PutItem"],
      onlyKeys("HOME#*#SCHEDULES"),
    ],
  ]);
});

// REQ: log-only-grows
test("no deployed role may update or delete a record or an entry, by whichever action", () => {
  const onBoth = [...statementsIn(everything).values()].filter(
    ({ on }) => on.startsWith(AUDIT) || on.startsWith(LOG) || on === "*",
  );

  const dynamoDb = onBoth.flatMap(({ allows }) =>
    allows.filter((one) => !/^(xray|logs):/.test(one)),
  );
  expect(new Set(dynamoDb)).toEqual(
    new Set(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]),
  );
  expect(onBoth.filter(({ on }) => on.startsWith(LOG)).map(({ role }) => role)).toEqual([
    "AuditLogSealRecordsRole",
    "AuditLogSealRecordsRole",
    "AuditLogSealRecordsRole",
    "RunSweeperSweepRunsRole",
    "AuditToolsRole",
  ]);
});

// REQ: fleet-apart
test("of what people call, the function fleet alone may ask across homes, and it can read nothing of one; the sealer finds keys, the sweeper runs", () => {
  const statements = [...statementsIn(everything).values()];

  expect(
    statements.filter(({ on }) => on.includes("/index/")).map(({ role, on }) => [role, on]),
  ).toEqual([
    ["AuditLogSealRecordsRole", `${AUDIT}/index/bySeal`],
    ["RunSweeperSweepRunsRole", `${AUDIT}/index/byFleetDay`],
    ["HomeRole", `${AUDIT}/index/byDevice`],
    ["HomeRole", `${AUDIT}/index/byHomeDay`],
    ["FleetRole", `${AUDIT}/index/byFleetDay`],
    ["AuditToolsRole", `${AUDIT}/index/byHomeDay`],
    ["AuditToolsRole", `${AUDIT}/index/byDevice`],
  ]);
  const reads = statements.filter(
    ({ role, allows }) => role === "FleetRole" && allows.some((action) => action.includes("Query")),
  );
  expect(reads.map(({ on, when }) => [on, when])).toEqual([
    ["<TablesHomeTable.Arn>", onlyKeys("PRINCIPAL#*")],
    [`${AUDIT}/index/byFleetDay`, undefined],
  ]);
});

test("each role can be taken by one service only, and where the service tells, for this stack only", () => {
  const trusted = [...resourcesOf(everything, "AWS::IAM::Role")].map(([role, properties]) => [
    role,
    properties.AssumeRolePolicyDocument,
  ]);

  const lambda = trust("lambda.amazonaws.com");
  const rule = (...names: readonly string[]) =>
    trust(
      "iot.amazonaws.com",
      names.map((name) => `${IOT}:rule/${name}`),
    );
  const ofTheGroup = trust(
    "scheduler.amazonaws.com",
    "arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule-group/smarthome-schedules",
  );
  expect(Object.fromEntries(trusted)).toEqual({
    HomeRole: lambda,
    FleetRole: lambda,
    AuditToolsRole: lambda,
    RunScenePublishCommandsRole: lambda,
    RunSceneAwaitAcknowledgementsRole: lambda,
    RunSceneConcludeRunRole: lambda,
    RunSceneUndoPartlyDoneRole: lambda,
    ToolGatewayInterceptToolCallRole: lambda,
    SignInGrantScopesRole: lambda,
    ScheduledScenesStartScheduledSceneRole: lambda,
    ScheduledScenesRefreshSunSchedulesRole: lambda,
    // The group, and never one schedule of it, which makes CreateSchedule fail.
    SchedulesRole: ofTheGroup,
    ScheduledScenesRefreshRole: ofTheGroup,
    CanaryRunCanaryRole: lambda,
    CanaryScheduleRole: ofTheGroup,
    AuditLogSealRecordsRole: lambda,
    AuditLogScheduleRole: trust(
      "scheduler.amazonaws.com",
      "arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule-group/default",
    ),
    RunSweeperSweepRunsRole: lambda,
    RunSweeperScheduleRole: trust(
      "scheduler.amazonaws.com",
      "arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule-group/default",
    ),
    RunSceneRole: trust(
      "states.amazonaws.com",
      "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*",
    ),
    TopicRulesPutAcknowledgements: rule("smarthome_record_acknowledgement"),
    TopicRulesPutChanges: rule("smarthome_record_change"),
    TopicRulesRepublishLastWills: rule("smarthome_republish_last_will"),
    TopicRulesWriteErrors: rule(
      "smarthome_record_acknowledgement",
      "smarthome_record_change",
      "smarthome_republish_last_will",
    ),
    ToolGatewayRole: trust(
      "bedrock-agentcore.amazonaws.com",
      "arn:<AWS::Partition>:bedrock-agentcore:<AWS::Region>:<AWS::AccountId>:gateway/smarthome-gateway-??????????",
    ),
  });
});

const trust = (service: string, sourceArn?: string | readonly string[]) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: service },
      ...(sourceArn === undefined
        ? {}
        : {
            Condition: {
              StringEquals: { "aws:SourceAccount": "<AWS::AccountId>" },
              ArnLike: { "aws:SourceArn": sourceArn },
            },
          }),
    },
  ],
});

// REQ: device-speaks-for-itself
test("a device may be itself on its own topics, and nothing else", () => {
  const policies = resourcesOf(everything, "AWS::IoT::Policy");

  const thing = "${iot:Connection.Thing.ThingName}";
  const answers = [
    `$aws/things/${thing}/shadow/update/delta`,
    `$aws/things/${thing}/shadow/update/accepted`,
    `$aws/things/${thing}/shadow/update/rejected`,
    `$aws/things/${thing}/shadow/get/accepted`,
    `$aws/things/${thing}/shadow/get/rejected`,
  ];
  expect([...policies.values()]).toEqual([
    {
      PolicyName: "SmarthomeDevice",
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "ConnectAsItself",
            Effect: "Allow",
            Action: "iot:Connect",
            Resource: `${IOT}:client/${thing}`,
            Condition: { Bool: { "iot:Connection.Thing.IsAttached": "true" } },
          },
          {
            Sid: "ReportItselfAndItsEnd",
            Effect: "Allow",
            Action: "iot:Publish",
            Resource: [
              `${IOT}:topic/$aws/things/${thing}/shadow/get`,
              `${IOT}:topic/$aws/things/${thing}/shadow/update`,
              `${IOT}:topic/smarthome/${thing}/last-will`,
            ],
          },
          {
            Sid: "AskForItsCommands",
            Effect: "Allow",
            Action: "iot:Subscribe",
            Resource: [...answers, `$aws/things/${thing}/shadow/get/+`].map(
              (filter) => `${IOT}:topicfilter/${filter}`,
            ),
          },
          {
            Sid: "GetItsCommands",
            Effect: "Allow",
            Action: "iot:Receive",
            Resource: [
              `${IOT}:topic/$aws/things/${thing}/shadow/update/*`,
              `${IOT}:topic/$aws/things/${thing}/shadow/get/accepted`,
              `${IOT}:topic/$aws/things/${thing}/shadow/get/rejected`,
            ],
          },
        ],
      },
    },
  ]);
});

// AWS IoT takes 2,048 characters beside white space, and what stands for a region counts as its name.
test("a device's policy is short enough in every region", () => {
  const [policy] = resourcesOf(everything, "AWS::IoT::Policy").values();
  const regions = RegionInfo.regions.filter(({ partition }) => partition === "aws");

  const lengths = regions.map(({ name }) => [
    name,
    JSON.stringify(policy?.PolicyDocument)
      .replaceAll("<AWS::Partition>", "aws")
      .replaceAll("<AWS::Region>", name)
      .replaceAll("<AWS::AccountId>", "123456789012").length,
  ]);

  expect(lengths.length).toBeGreaterThan(20);
  expect(lengths.filter(([, length]) => Number(length) > 2048)).toEqual([]);
});

test("the one resource policy lets this user pool, and no other, call its trigger", () => {
  const permissions = resourcesOf(everything, "AWS::Lambda::Permission");

  expect([...permissions.values()]).toEqual([
    {
      Action: "lambda:InvokeFunction",
      FunctionName: "<SignInGrantScopesFunction.Arn>",
      Principal: "cognito-idp.amazonaws.com",
      SourceArn: "<SignInUserPool.Arn>",
    },
  ]);
});

test("nothing is open to other accounts or to everybody: no function URLs, no API", () => {
  const types = new Set([...everything.resources.values()].map((resource) => resource.type));

  expect(types).toEqual(
    new Set([
      "AWS::BedrockAgentCore::Gateway",
      "AWS::BedrockAgentCore::GatewayRateLimit",
      "AWS::BedrockAgentCore::GatewayTarget",
      "AWS::CloudFront::Distribution",
      "AWS::CloudFront::Function",
      "AWS::CloudFront::OriginAccessControl",
      "AWS::CloudFront::ResponseHeadersPolicy",
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Dashboard",
      "AWS::Cognito::ManagedLoginBranding",
      "AWS::Cognito::UserPool",
      "AWS::Cognito::UserPoolClient",
      "AWS::Cognito::UserPoolDomain",
      "AWS::Cognito::UserPoolGroup",
      "AWS::Cognito::UserPoolResourceServer",
      "AWS::DynamoDB::GlobalTable",
      "AWS::IAM::Role",
      "AWS::IoT::Policy",
      "AWS::IoT::TopicRule",
      "AWS::KMS::Key",
      "AWS::Lambda::EventInvokeConfig",
      "AWS::Lambda::Function",
      "AWS::Lambda::Permission",
      "AWS::Logs::LogGroup",
      "AWS::S3::Bucket",
      "AWS::S3::BucketPolicy",
      "AWS::SQS::Queue",
      "AWS::SQS::QueuePolicy",
      "AWS::Scheduler::Schedule",
      "AWS::Scheduler::ScheduleGroup",
      "AWS::SecretsManager::Secret",
      "AWS::SNS::Topic",
      "AWS::StepFunctions::StateMachine",
    ]),
  );
  expect(everything.text).not.toMatch(/"(?:Resource|Key)Policy":/);
  // Everybody is named four times, and refused four times: who speaks to a queue or the bucket without TLS.
  expect(everything.text.match(/"Principal": (?:"\*"|\{\s*"AWS")/g)).toHaveLength(4);
  expect(
    ["AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"]
      .flatMap((type) => [...resourcesOf(everything, type).values()])
      .flatMap((policy) => objectsOf(at(policy, "PolicyDocument", "Statement")))
      .filter(({ Principal }) => at(objectOf(Principal), "AWS") === "*")
      .map(({ Effect }) => Effect),
  ).toEqual(["Deny", "Deny", "Deny", "Deny"]);
});
