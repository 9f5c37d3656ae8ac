import {
  ArnFormat,
  type aws_dynamodb as dynamodb,
  type aws_iam as iam,
  Stack,
  aws_scheduler as scheduler,
  type aws_sqs as sqs,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { type Grant, type GrantName, onlyKeys, SCHEDULE_KEYS } from "./grants.ts";
import { messageQueue } from "./left-undone/message-queue.ts";
import { serviceRole } from "./service-role.ts";
import type { StackSettings } from "./stack-settings.ts";

/**
 * Where schedules are placed, and as whom the scheduler starts scenes: the group, its role, and the queue for what could
 * not be delivered. What is started stands in ScheduledScenes, behind the gateway; that it is known here by its name and
 * not by a reference keeps the template free of a circle (home, its gateway, what calls the gateway, home again).
 */
export class Schedules extends Construct {
  readonly group: scheduler.CfnScheduleGroup;
  readonly groupName: string;
  readonly role: iam.IRole;
  readonly deadLetters: sqs.Queue;
  readonly startScheduledSceneArn: string;
  readonly #schedulesArn: string;

  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    const { names } = settings;
    const stack = Stack.of(this);
    this.groupName = names.scheduleGroup;
    this.group = new scheduler.CfnScheduleGroup(this, "Group", { name: this.groupName });
    this.#schedulesArn = stack.formatArn({
      service: "scheduler",
      resource: "schedule",
      resourceName: `${this.groupName}/*`,
    });
    this.startScheduledSceneArn = stack.formatArn({
      service: "lambda",
      resource: "function",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: names.startScheduledScene,
    });
    this.deadLetters = messageQueue(this, "DeadLetters");
    this.role = this.roleOfGroup(this, "Role", settings.leaveOutGrants, [
      {
        name: "schedules may start scenes",
        actions: ["lambda:InvokeFunction"],
        resources: [this.startScheduledSceneArn],
      },
      this.mayKeepDeadLetters("schedules may keep dead letters"),
    ]);
  }

  /** What a function must be told to place schedules. */
  get environment(): Readonly<Record<string, string>> {
    return {
      SCHEDULE_GROUP: this.groupName,
      SCHEDULE_ROLE_ARN: this.role.roleArn,
      START_SCHEDULED_SCENE_ARN: this.startScheduledSceneArn,
      SCHEDULE_DEAD_LETTERS_ARN: this.deadLetters.queueArn,
    };
  }

  /** To place, replace and remove schedules of the group. */
  mayPlace(name: GrantName): Grant {
    return {
      name,
      actions: [
        "scheduler:CreateSchedule",
        "scheduler:UpdateSchedule",
        "scheduler:GetSchedule",
        "scheduler:DeleteSchedule",
      ],
      resources: [this.#schedulesArn],
      wildcardReason: "Schedules are made at run time, and all of the group's are the home's.",
    };
  }

  /** To give the scheduler the role that it starts scenes as, and nobody else. */
  mayPassRole(name: GrantName): Grant {
    return {
      name,
      actions: ["iam:PassRole"],
      resources: [this.role.roleArn],
      conditions: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    };
  }

  mayKeepDeadLetters(name: GrantName): Grant {
    return { name, actions: ["sqs:SendMessage"], resources: [this.deadLetters.queueArn] };
  }

  /**
   * A role that the scheduler takes for schedules of this group. The condition must name the group: one that names a
   * schedule, or a part of its name, makes CreateSchedule fail.
   * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
   */
  roleOfGroup(
    scope: Construct,
    id: string,
    leaveOutGrants: readonly GrantName[],
    grants: readonly Grant[],
  ): iam.IRole {
    const stack = Stack.of(this);
    return serviceRole(scope, id, {
      service: "scheduler.amazonaws.com",
      conditions: {
        StringEquals: { "aws:SourceAccount": stack.account },
        ArnLike: {
          "aws:SourceArn": stack.formatArn({
            service: "scheduler",
            resource: "schedule-group",
            resourceName: this.groupName,
          }),
        },
      },
      grants,
      leaveOutGrants,
    });
  }
}

/** To put and delete items of homes' schedules in the home table, and no other item. */
export const mayWriteSchedules = (name: GrantName, homeTable: dynamodb.TableV2): Grant => ({
  name,
  actions: ["dynamodb:PutItem", "dynamodb:DeleteItem"],
  resources: [homeTable.tableArn],
  conditions: onlyKeys(SCHEDULE_KEYS),
});
