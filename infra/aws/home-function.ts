import {
  type aws_dynamodb as dynamodb,
  Stack,
  type aws_stepfunctions as stepfunctions,
} from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DEVICE_INDEX, HOME_DAY_INDEX } from "#domain/home/keys.ts";
import {
  ACCESS_KEYS,
  APPROVAL_KEYS,
  CHANGE_KEYS,
  CLAIM_KEYS,
  onlyKeys,
  PLAN_KEYS,
  REFUSED_KEYS,
  SCENES_KEYS,
} from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import { thingArn } from "./names/iot-arns.ts";
import { mayWriteSchedules, type Schedules } from "./schedules.ts";
import type { StackSettings } from "./stack-settings.ts";

export interface HomeFunctionProps {
  readonly homeTable: dynamodb.TableV2;
  readonly auditTable: dynamodb.TableV2;
  readonly runScene: stepfunctions.IStateMachine;
  readonly schedules: Schedules;
  readonly settings: StackSettings;
}

/** The function behind the household's tools. */
export class HomeFunction extends HandlerFunction {
  constructor(
    scope: Construct,
    id: string,
    { homeTable, auditTable, runScene, schedules, settings }: HomeFunctionProps,
  ) {
    super(scope, id, {
      name: "home",
      description: "The household's tools: looks things up, plans, starts runs, keeps schedules.",
      // Nobody waits longer than 45 s for a run; what is read before and after has a quarter of a minute.
      timeoutSeconds: 60,
      // It mostly waits for a run, and pays for all it has meanwhile.
      memoryMb: 384,
      environment: {
        HOME_TABLE_NAME: homeTable.tableName,
        AUDIT_TABLE_NAME: auditTable.tableName,
        RUN_SCENE_STATE_MACHINE_ARN: runScene.stateMachineArn,
        THING_PREFIX: settings.names.thingPrefix,
        ...schedules.environment,
      },
      grants: [
        {
          name: "home may read the home",
          actions: ["dynamodb:Query"],
          resources: [homeTable.tableArn],
        },
        {
          name: "home may read the audit",
          actions: ["dynamodb:Query"],
          resources: [auditTable.tableArn],
        },
        {
          name: "home may read what devices reported",
          actions: ["dynamodb:Query"],
          resources: [`${auditTable.tableArn}/index/${DEVICE_INDEX}`],
        },
        {
          name: "home may list runs",
          actions: ["dynamodb:Query"],
          resources: [`${auditTable.tableArn}/index/${HOME_DAY_INDEX}`],
        },
        {
          name: "home may record who looks",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(ACCESS_KEYS),
        },
        {
          name: "home may record refusals",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(REFUSED_KEYS),
        },
        {
          name: "home may save scenes",
          actions: ["dynamodb:PutItem"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(SCENES_KEYS),
        },
        {
          name: "home may record changes",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(CHANGE_KEYS),
        },
        {
          name: "home may read shadows",
          actions: ["iot:GetThingShadow"],
          resources: [thingArn(Stack.of(scope), settings.names.things)],
          wildcardReason: "Things are registered after deployment, and shadows have no other name.",
        },
        {
          name: "home may record plans",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(PLAN_KEYS),
        },
        {
          name: "home may record approvals",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(APPROVAL_KEYS),
        },
        {
          // Two equal calls at once make one run.
          name: "home may claim runs",
          actions: ["dynamodb:PutItem"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(CLAIM_KEYS),
        },
        {
          name: "home may run scenes",
          actions: ["states:StartSyncExecution", "states:StartExecution"],
          resources: [runScene.stateMachineArn],
        },
        mayWriteSchedules("home may write schedules", homeTable),
        schedules.mayPlace("home may place schedules"),
        schedules.mayPassRole("home may pass the schedules role"),
      ],
      settings,
    });
  }
}
