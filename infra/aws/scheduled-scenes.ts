import {
  aws_cognito as cognito,
  type aws_dynamodb as dynamodb,
  aws_lambda as lambda,
  SecretValue,
  aws_scheduler as scheduler,
  aws_secretsmanager as secretsmanager,
  type aws_sns as sns,
  type aws_sqs as sqs,
  Validations,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { DIRECTORY_KEY, SUN_REFRESHES_KEY } from "#domain/home/keys.ts";
import type { TriedRoles } from "./first-deployment/tried-roles.ts";
import { FIRING_KEYS, HOME_KEYS, onlyKeys, SCHEDULE_KEYS } from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import { messageQueue } from "./left-undone/message-queue.ts";
import { mayWriteSchedules, type Schedules } from "./schedules.ts";
import type { SignIn } from "./sign-in.ts";
import type { StackSettings } from "./stack-settings.ts";
import { notDoneForADay } from "./watch/not-done-for-a-day.ts";

export interface ScheduledScenesProps {
  readonly homeTable: dynamodb.TableV2;
  readonly auditTable: dynamodb.TableV2;
  readonly schedules: Schedules;
  readonly signIn: SignIn;
  /** Where run_scene is called. */
  readonly gatewayUrl: string;
  readonly settings: StackSettings;
  /** Told when the daily refresh is not done. */
  readonly alarmTopic: sns.ITopic;
}

/**
 * What a schedule starts: a function that signs in as the machine client and calls run_scene through the gateway, as
 * everybody does; and a daily one that places what the sun decides.
 */
export class ScheduledScenes extends Construct {
  /** Events that start-scheduled-scene, or the daily refresh, could not do in three attempts. */
  readonly failures: sqs.Queue;
  /** By which schedules, and the canary, sign in. */
  readonly machineSecret: secretsmanager.Secret;
  readonly triedRoles: TriedRoles;

  constructor(scope: Construct, id: string, props: ScheduledScenesProps) {
    super(scope, id);
    this.failures = messageQueue(this, "Failures");
    this.machineSecret = this.#secretOf(props.signIn.clients.machine);
    this.#startScheduledScene(props);
    this.triedRoles = this.#refreshDaily(props);
  }

  #startScheduledScene(props: ScheduledScenesProps): void {
    const { homeTable, auditTable, signIn, gatewayUrl, settings } = props;
    const secret = this.machineSecret;
    const start = new HandlerFunction(this, "StartScheduledScene", {
      name: "start-scheduled-scene",
      functionName: settings.names.startScheduledScene,
      description: "Runs the scene of a schedule, as the machine client, through the gateway.",
      // It waits for no run, but the function home may take its 60 s; before it come a token, 20 s, and a session, 30 s.
      timeoutSeconds: 120,
      memoryMb: 256,
      environment: {
        HOME_TABLE_NAME: homeTable.tableName,
        AUDIT_TABLE_NAME: auditTable.tableName,
        MACHINE_SECRET_ARN: secret.secretArn,
        TOKEN_URL: `${signIn.domain.baseUrl()}/oauth2/token`,
        GATEWAY_URL: gatewayUrl,
      },
      grants: [
        {
          name: "start-scheduled-scene may read homes and schedules",
          actions: ["dynamodb:GetItem"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(HOME_KEYS),
        },
        {
          name: "start-scheduled-scene may read firings",
          actions: ["dynamodb:Query"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(FIRING_KEYS),
        },
        {
          name: "start-scheduled-scene may record firings",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(FIRING_KEYS),
        },
        {
          name: "start-scheduled-scene may read the machine client secret",
          actions: ["secretsmanager:GetSecretValue"],
          resources: [secret.secretArn],
        },
        {
          name: "start-scheduled-scene may keep what it could not do",
          actions: ["sqs:SendMessage"],
          resources: [this.failures.queueArn],
        },
      ],
      settings,
    });
    // The scheduler invokes it asynchronously: what it throws counts as delivered, and is Lambda's to try again and keep.
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    new lambda.CfnEventInvokeConfig(this, "StartScheduledSceneRetries", {
      functionName: start.function.functionName,
      qualifier: "$LATEST",
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 21_600,
      destinationConfig: { onFailure: { destination: this.failures.queueArn } },
    });
  }

  /**
   * The machine client's id and secret, which CloudFormation fills in when it deploys: the template holds neither.
   * CDK's userPoolClientSecret would ask for it by a custom resource.
   */
  #secretOf(client: cognito.UserPoolClient): secretsmanager.Secret {
    const resource = client.node.defaultChild;
    if (!(resource instanceof cognito.CfnUserPoolClient)) {
      throw new Error("The machine client has no CfnUserPoolClient to take its secret from.");
    }
    const secret = new secretsmanager.Secret(this, "MachineClientSecret", {
      description: "Id and secret of the machine client, by which schedules sign in.",
      secretObjectValue: {
        clientId: SecretValue.resourceAttribute(client.userPoolClientId),
        clientSecret: SecretValue.resourceAttribute(resource.attrClientSecret),
      },
    });
    Validations.of(secret).acknowledge({
      id: "AwsSolutions::AwsSolutions-SMG4",
      reason: "Cognito makes this secret; it changes with the app client, not by a rotation here.",
    });
    return secret;
  }

  #refreshDaily(props: ScheduledScenesProps): TriedRoles {
    const { homeTable, auditTable, schedules, alarmTopic, settings } = props;
    const refresh = new HandlerFunction(this, "RefreshSunSchedules", {
      name: "refresh-sun-schedules",
      description: "Places, for the next two days, what the sun or a change of the clocks decides.",
      // 10,000 homes are as many reads, and some ten thousand calls of the scheduler.
      timeoutSeconds: 900,
      memoryMb: 512,
      environment: {
        HOME_TABLE_NAME: homeTable.tableName,
        AUDIT_TABLE_NAME: auditTable.tableName,
        ...schedules.environment,
      },
      grants: [
        {
          name: "refresh-sun-schedules may list homes",
          actions: ["dynamodb:Query"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(DIRECTORY_KEY),
        },
        {
          name: "refresh-sun-schedules may read homes",
          actions: ["dynamodb:GetItem"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(HOME_KEYS),
        },
        {
          name: "refresh-sun-schedules may read schedules",
          actions: ["dynamodb:Query"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(SCHEDULE_KEYS),
        },
        mayWriteSchedules("refresh-sun-schedules may write schedules", homeTable),
        schedules.mayPlace("refresh-sun-schedules may place schedules"),
        schedules.mayPassRole("refresh-sun-schedules may pass the schedules role"),
        {
          name: "refresh-sun-schedules may record firings",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(FIRING_KEYS),
        },
        {
          name: "refresh-sun-schedules may record what it did",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(SUN_REFRESHES_KEY),
        },
        {
          name: "refresh-sun-schedules may keep what it could not do",
          actions: ["sqs:SendMessage"],
          resources: [this.failures.queueArn],
        },
      ],
      settings,
    });
    const { function: refreshFunction } = refresh;
    new lambda.CfnEventInvokeConfig(this, "RefreshRetries", {
      functionName: refreshFunction.functionName,
      qualifier: "$LATEST",
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 21_600,
      destinationConfig: { onFailure: { destination: this.failures.queueArn } },
    });
    const role = schedules.roleOfGroup(this, "RefreshRole", settings.leaveOutGrants, [
      {
        name: "refresh may be started",
        actions: ["lambda:InvokeFunction"],
        resources: [refreshFunction.functionArn],
      },
      schedules.mayKeepDeadLetters("refresh may keep dead letters"),
    ]);
    const daily = new scheduler.CfnSchedule(this, "RefreshDaily", {
      // No home's schedule has such a name: theirs hold a full stop.
      name: "refresh-sun-schedules",
      groupName: schedules.groupName,
      scheduleExpression: "cron(20 2 * * ? *)",
      scheduleExpressionTimezone: "UTC",
      // Not at the minute at which everybody else's daily work begins.
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 30 },
      target: {
        arn: refreshFunction.functionArn,
        roleArn: role.roleArn,
        input: "{}",
        deadLetterConfig: { arn: schedules.deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 43_200, maximumRetryAttempts: 185 },
      },
    });
    daily.addResourceDependency(schedules.group);
    notDoneForADay(this, "DailyWorkNotDone", refreshFunction, alarmTopic);
    return { roles: [role], takenBy: [daily] };
  }
}
