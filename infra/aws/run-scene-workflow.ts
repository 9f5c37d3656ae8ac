import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type aws_dynamodb as dynamodb,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  aws_stepfunctions as stepfunctions,
  Validations,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { shadowUpdateTopic } from "#domain/topics.ts";
import { CHANGE_KEYS, type GrantName, onlyKeys, RUN_KEYS } from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import { thingArn, topicArn } from "./names/iot-arns.ts";
import { runSceneLogGroup } from "./names/stage.ts";
import { serviceRole } from "./service-role.ts";
import type { StackSettings } from "./stack-settings.ts";

const DEFINITION = join(import.meta.dirname, "..", "..", "workflows", "run-scene.asl.json");

export interface RunSceneWorkflowProps {
  readonly auditTable: dynamodb.TableV2;
  readonly settings: StackSettings;
}

/** The Express state machine that runs a scene, and the three functions that are its tasks. */
export class RunSceneWorkflow extends Construct {
  readonly stateMachine: stepfunctions.StateMachine;
  readonly tasks: readonly HandlerFunction[];
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, { auditTable, settings }: RunSceneWorkflowProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const auditTableName = auditTable.tableName;
    const { thingPrefix, things } = settings.names;
    const mayReadTheAudit = (name: GrantName) => ({
      name,
      actions: ["dynamodb:Query"],
      resources: [auditTable.tableArn],
    });
    const publishCommands = new HandlerFunction(this, "PublishCommands", {
      name: "publish-commands",
      description: "Publishes one batch of commands as shadow updates.",
      timeoutSeconds: 30,
      // It works and hardly waits: with more CPU it takes less time, for the same price (calls.md).
      memoryMb: 1024,
      environment: { AUDIT_TABLE_NAME: auditTableName, THING_PREFIX: thingPrefix },
      grants: [
        {
          // A scene may yield to whoever switches a device by hand.
          name: "publish-commands may read changes",
          actions: ["dynamodb:Query"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(CHANGE_KEYS),
        },
        {
          name: "publish-commands may publish",
          actions: ["iot:Publish"],
          resources: [topicArn(stack, shadowUpdateTopic(things))],
          wildcardReason: "Things are registered after deployment; it reaches shadow updates only.",
        },
      ],
      settings,
    });
    const awaitAcknowledgements = new HandlerFunction(this, "AwaitAcknowledgements", {
      name: "await-acknowledgements",
      description:
        "Polls the run's audit records until every device has acknowledged or time is up.",
      timeoutSeconds: 30,
      memoryMb: 256,
      environment: { AUDIT_TABLE_NAME: auditTableName, THING_PREFIX: thingPrefix },
      grants: [mayReadTheAudit("await-acknowledgements may read the audit")],
      settings,
    });
    const concludeRun = new HandlerFunction(this, "ConcludeRun", {
      name: "conclude-run",
      description: "Withdraws what no device acknowledged and puts the run's result together.",
      timeoutSeconds: 60,
      // It works and hardly waits: with more CPU it takes less time, for the same price (calls.md).
      memoryMb: 1024,
      environment: { AUDIT_TABLE_NAME: auditTableName, THING_PREFIX: thingPrefix },
      grants: [
        mayReadTheAudit("conclude-run may read the audit"),
        {
          name: "conclude-run may read shadows",
          actions: ["iot:GetThingShadow"],
          resources: [thingArn(stack, things)],
          wildcardReason: "Things are registered after deployment, and shadows have no other name.",
        },
        {
          name: "conclude-run may update shadows",
          actions: ["iot:UpdateThingShadow"],
          resources: [thingArn(stack, things)],
          wildcardReason: "Things are registered after deployment, and shadows have no other name.",
        },
      ],
      settings,
    });
    this.tasks = [publishCommands, awaitAcknowledgements, concludeRun];
    const invoke = (name: GrantName, { function: { functionArn } }: HandlerFunction) => ({
      name,
      actions: ["lambda:InvokeFunction"],
      resources: [functionArn],
    });
    const role = serviceRole(this, "Role", {
      service: "states.amazonaws.com",
      // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html#prevent-cross-service-confused-deputy
      conditions: {
        StringEquals: { "aws:SourceAccount": stack.account },
        ArnLike: {
          "aws:SourceArn": stack.formatArn({
            service: "states",
            resource: "stateMachine:*",
          }),
        },
      },
      grants: [
        invoke("run-scene may invoke publish-commands", publishCommands),
        invoke("run-scene may invoke await-acknowledgements", awaitAcknowledgements),
        invoke("run-scene may invoke conclude-run", concludeRun),
        {
          name: "run-scene may put audit records",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(RUN_KEYS),
        },
        {
          // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
          name: "run-scene may write its log",
          actions: [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
          ],
          resources: ["*"],
          wildcardReason: "Log deliveries have no resource to name.",
        },
        {
          // https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
          name: "run-scene may trace",
          actions: [
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
          ],
          resources: ["*"],
          wildcardReason: "X-Ray's actions of a tracer have no resource to name.",
        },
      ],
      leaveOutGrants: settings.leaveOutGrants,
    });
    const log = new logs.LogGroup(this, "Log", {
      // Without the prefix each log group takes room in one resource policy of the account, which overflows.
      // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
      logGroupName: runSceneLogGroup(stack.stackName),
      retention: settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logGroupName = log.logGroupName;
    this.stateMachine = new stepfunctions.StateMachine(this, "StateMachine", {
      stateMachineType: stepfunctions.StateMachineType.EXPRESS,
      definitionBody: stepfunctions.DefinitionBody.fromString(readFileSync(DEFINITION, "utf8")),
      definitionSubstitutions: {
        PublishCommandsFunctionArn: publishCommands.function.functionArn,
        AwaitAcknowledgementsFunctionArn: awaitAcknowledgements.function.functionArn,
        ConcludeRunFunctionArn: concludeRun.function.functionArn,
        AuditTableName: auditTableName,
      },
      role,
      tracingEnabled: true,
      logs: {
        // A run of 60 s writes some 500 events, 380 kB, and with its data every device's state: only where somebody
        // develops. The audit has each run either way.
        ...(settings.workflowLog === "everything"
          ? { level: stepfunctions.LogLevel.ALL, includeExecutionData: true }
          : { level: stepfunctions.LogLevel.ERROR, includeExecutionData: false }),
        destination: log,
      },
    });
    if (settings.workflowLog === "errors") {
      Validations.of(this.stateMachine).acknowledge({
        id: "AwsSolutions::AwsSolutions-SF1",
        reason:
          "Errors alone: what a run did is in the audit, and each step's data would be paid for twice.",
      });
    }
  }
}
