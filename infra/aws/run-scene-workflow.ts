import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ArnFormat,
  type aws_dynamodb as dynamodb,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  type aws_sqs as sqs,
  aws_stepfunctions as stepfunctions,
  Validations,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { shadowUpdateTopic } from "#domain/topics.ts";
import {
  CHANGE_KEYS,
  type GrantName,
  HOME_KEYS,
  onlyKeys,
  PRINCIPAL_KEYS,
  REFUSED_KEYS,
  RUN_KEYS,
} from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import { messageQueue } from "./left-undone/message-queue.ts";
import { thingArn, topicArn } from "./names/iot-arns.ts";
import { runSceneLogGroup } from "./names/stage.ts";
import { serviceRole } from "./service-role.ts";
import type { StackSettings } from "./stack-settings.ts";

const DEFINITION = join(import.meta.dirname, "..", "..", "workflows", "run-scene.asl.json");

export interface RunSceneWorkflowProps {
  readonly homeTable: dynamodb.TableV2;
  readonly auditTable: dynamodb.TableV2;
  readonly settings: StackSettings;
}

/** The Express state machine that runs a scene, the three functions that are its tasks, and the one that takes back what it could not do whole. */
export class RunSceneWorkflow extends Construct {
  readonly stateMachine: stepfunctions.StateMachine;
  /** What the state machine waits for. Of undo-partly-done its queue tells. */
  readonly tasks: readonly HandlerFunction[];
  readonly logGroupName: string;
  /** Runs that undo-partly-done could not take back in three attempts. */
  readonly failures: sqs.Queue;

  constructor(
    scope: Construct,
    id: string,
    { homeTable, auditTable, settings }: RunSceneWorkflowProps,
  ) {
    super(scope, id);
    const stack = Stack.of(this);
    const auditTableName = auditTable.tableName;
    const { thingPrefix, things } = settings.names;
    const mayReadTheAudit = (name: GrantName, ...keys: readonly string[]) => ({
      name,
      actions: ["dynamodb:Query"],
      resources: [auditTable.tableArn],
      conditions: onlyKeys(RUN_KEYS, ...keys),
    });
    const publishCommands = new HandlerFunction(this, "PublishCommands", {
      name: "publish-commands",
      description: "Publishes one batch of commands as shadow updates, and waits for near devices.",
      timeoutSeconds: 20,
      // With more CPU its work takes less time, for the same price; it waits half a second of each stage at most (calls.md).
      memoryMb: 1024,
      environment: { AUDIT_TABLE_NAME: auditTableName, THING_PREFIX: thingPrefix },
      grants: [
        // What devices answer at once; and a scene may yield to whoever switches a device by hand.
        mayReadTheAudit("publish-commands may read the audit", CHANGE_KEYS),
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
      timeoutSeconds: 15,
      memoryMb: 256,
      environment: { AUDIT_TABLE_NAME: auditTableName, THING_PREFIX: thingPrefix },
      grants: [mayReadTheAudit("await-acknowledgements may read the audit")],
      settings,
    });
    const concludeRun = new HandlerFunction(this, "ConcludeRun", {
      name: "conclude-run",
      description: "Withdraws what no device acknowledged and puts the run's result together.",
      timeoutSeconds: 25,
      // It works and hardly waits: with more CPU it takes less time, for the same price (calls.md).
      memoryMb: 1024,
      environment: { AUDIT_TABLE_NAME: auditTableName, THING_PREFIX: thingPrefix },
      grants: [
        // A scene may yield to whoever switches a device by hand.
        mayReadTheAudit("conclude-run may read the audit", CHANGE_KEYS),
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
    const undoPartlyDoneArn = stack.formatArn({
      service: "lambda",
      resource: "function",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: settings.names.undoPartlyDone,
    });
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
          name: "run-scene may invoke undo-partly-done",
          actions: ["lambda:InvokeFunction"],
          resources: [undoPartlyDoneArn],
        },
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
        UndoPartlyDoneFunctionArn: undoPartlyDoneArn,
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
    this.failures = messageQueue(this, "UndoFailures");
    const undoPartlyDone = new HandlerFunction(this, "UndoPartlyDone", {
      name: "undo-partly-done",
      functionName: settings.names.undoPartlyDone,
      description: "Takes a run back that was to be done whole or not at all, as who ran it.",
      // Some reads, 200 shadows among them, and a start that is not waited for.
      timeoutSeconds: 30,
      memoryMb: 256,
      environment: {
        HOME_TABLE_NAME: homeTable.tableName,
        AUDIT_TABLE_NAME: auditTableName,
        RUN_SCENE_STATE_MACHINE_ARN: this.stateMachine.stateMachineArn,
        THING_PREFIX: thingPrefix,
      },
      grants: [
        {
          name: "undo-partly-done may read homes",
          actions: ["dynamodb:Query"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(PRINCIPAL_KEYS, HOME_KEYS),
        },
        mayReadTheAudit("undo-partly-done may read the audit"),
        {
          name: "undo-partly-done may read shadows",
          actions: ["iot:GetThingShadow"],
          resources: [thingArn(stack, things)],
          wildcardReason: "Things are registered after deployment, and shadows have no other name.",
        },
        {
          name: "undo-partly-done may run scenes",
          actions: ["states:StartExecution"],
          resources: [this.stateMachine.stateMachineArn],
        },
        {
          name: "undo-partly-done may record undos",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(RUN_KEYS),
        },
        {
          name: "undo-partly-done may record refusals",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(REFUSED_KEYS),
        },
        {
          name: "undo-partly-done may keep what it could not do",
          actions: ["sqs:SendMessage"],
          resources: [this.failures.queueArn],
        },
      ],
      settings,
    });
    new lambda.CfnEventInvokeConfig(this, "UndoPartlyDoneRetries", {
      functionName: undoPartlyDone.function.functionName,
      qualifier: "$LATEST",
      maximumRetryAttempts: 2,
      // Later than that, whoever lives there has seen to it.
      maximumEventAgeInSeconds: 600,
      destinationConfig: { onFailure: { destination: this.failures.queueArn } },
    });
    this.tasks = [publishCommands, awaitAcknowledgements, concludeRun];
    if (settings.workflowLog === "errors") {
      Validations.of(this.stateMachine).acknowledge({
        id: "AwsSolutions::AwsSolutions-SF1",
        reason:
          "Errors alone: what a run did is in the audit, and each step's data would be paid for twice.",
      });
    }
  }
}
