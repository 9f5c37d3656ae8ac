import { type aws_dynamodb as dynamodb, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { FLEET_INDEX, SWEEPER_KEY } from "#domain/home/keys.ts";
import { everyMinute, schedulerOfDefaultGroup } from "./every-minute/every-minute.ts";
import type { TriedRoles } from "./first-deployment/tried-roles.ts";
import { CHANGE_KEYS, onlyKeys, RUN_KEYS } from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import { thingArn } from "./names/iot-arns.ts";
import { serviceRole } from "./service-role.ts";
import type { StackSettings } from "./stack-settings.ts";

export interface RunSweeperProps {
  readonly auditTable: dynamodb.TableV2;
  readonly logTable: dynamodb.TableV2;
  readonly settings: StackSettings;
}

/** What ends the runs whose workflow is gone: every minute, of all homes. */
export class RunSweeper extends Construct {
  readonly sweepRuns: HandlerFunction;
  readonly triedRoles: TriedRoles;

  constructor(scope: Construct, id: string, { auditTable, logTable, settings }: RunSweeperProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { thingPrefix, things } = settings.names;
    const wildcardReason =
      "Things are registered after deployment, and shadows have no other name.";
    this.sweepRuns = new HandlerFunction(this, "SweepRuns", {
      name: "sweep-runs",
      description: "Ends runs that were cut off: takes their commands back, records what is known.",
      timeoutSeconds: 60,
      memoryMb: 256,
      environment: {
        AUDIT_TABLE_NAME: auditTable.tableName,
        LOG_TABLE_NAME: logTable.tableName,
        THING_PREFIX: thingPrefix,
      },
      grants: [
        {
          name: "sweep-runs may find open runs",
          actions: ["dynamodb:Query"],
          resources: [`${auditTable.tableArn}/index/${FLEET_INDEX}`],
        },
        {
          // A scene may yield to whoever switches a device by hand.
          name: "sweep-runs may read runs and changes",
          actions: ["dynamodb:Query"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(RUN_KEYS, CHANGE_KEYS),
        },
        {
          name: "sweep-runs may record outcomes",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(RUN_KEYS),
        },
        {
          name: "sweep-runs may keep how far it came",
          actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
          resources: [logTable.tableArn],
          conditions: onlyKeys(SWEEPER_KEY),
        },
        {
          name: "sweep-runs may read shadows",
          actions: ["iot:GetThingShadow"],
          resources: [thingArn(stack, things)],
          wildcardReason,
        },
        {
          name: "sweep-runs may update shadows",
          actions: ["iot:UpdateThingShadow"],
          resources: [thingArn(stack, things)],
          wildcardReason,
        },
      ],
      settings,
    });
    const sweeping = this.sweepRuns.function;
    const role = serviceRole(this, "ScheduleRole", {
      ...schedulerOfDefaultGroup(stack),
      grants: [
        {
          name: "sweep-schedule may invoke sweep-runs",
          actions: ["lambda:InvokeFunction"],
          resources: [sweeping.functionArn],
        },
      ],
      leaveOutGrants: settings.leaveOutGrants,
    });
    const schedule = everyMinute(this, "EveryMinute", {
      description: "Ends the runs that were cut off.",
      called: sweeping,
      roleArn: role.roleArn,
    });
    this.triedRoles = { roles: [role], takenBy: [schedule] };
  }
}
