import type { aws_dynamodb as dynamodb } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { FLEET_INDEX } from "#domain/home/keys.ts";
import { FLEET_ACCESS_KEYS, onlyKeys, PRINCIPAL_KEYS, REFUSED_KEYS } from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import type { StackSettings } from "./stack-settings.ts";

export interface FleetFunctionProps {
  readonly homeTable: dynamodb.TableV2;
  readonly auditTable: dynamodb.TableV2;
  readonly settings: StackSettings;
}

/** The function behind the list of all homes' runs. No other may ask across homes, and this one can read no home. */
export class FleetFunction extends HandlerFunction {
  constructor(
    scope: Construct,
    id: string,
    { homeTable, auditTable, settings }: FleetFunctionProps,
  ) {
    super(scope, id, {
      name: "fleet",
      description: "Lists the runs of all homes for whoever looks after them.",
      timeoutSeconds: 30,
      memoryMb: 512,
      environment: { HOME_TABLE_NAME: homeTable.tableName, AUDIT_TABLE_NAME: auditTable.tableName },
      grants: [
        {
          name: "fleet may read who looks after every home",
          actions: ["dynamodb:Query"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(PRINCIPAL_KEYS),
        },
        {
          name: "fleet may read the runs of all homes",
          actions: ["dynamodb:Query"],
          resources: [`${auditTable.tableArn}/index/${FLEET_INDEX}`],
        },
        {
          name: "fleet may record who looks",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(FLEET_ACCESS_KEYS),
        },
        {
          name: "fleet may record refusals",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(REFUSED_KEYS),
        },
      ],
      settings,
    });
  }
}
