import type { aws_dynamodb as dynamodb } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DEVICE_INDEX, HOME_DAY_INDEX } from "#domain/home/keys.ts";
import { ACCESS_KEYS, onlyKeys, PRINCIPAL_KEYS, REFUSED_KEYS, RUN_KEYS } from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import type { StackSettings } from "./stack-settings.ts";

export interface AuditFunctionProps {
  readonly homeTable: dynamodb.TableV2;
  readonly auditTable: dynamodb.TableV2;
  readonly logTable: dynamodb.TableV2;
  /** The key that signs the logs' heads. */
  readonly logKeyArn: string;
  readonly settings: StackSettings;
}

/** The function behind the operators' tools: it reads runs and the log that proves them, and can change neither. */
export class AuditFunction extends HandlerFunction {
  constructor(
    scope: Construct,
    id: string,
    { homeTable, auditTable, logTable, logKeyArn, settings }: AuditFunctionProps,
  ) {
    super(scope, id, {
      name: "audit",
      description: "Lists, explains and verifies a home's runs for its operators.",
      timeoutSeconds: 30,
      memoryMb: 512,
      environment: {
        HOME_TABLE_NAME: homeTable.tableName,
        AUDIT_TABLE_NAME: auditTable.tableName,
        LOG_TABLE_NAME: logTable.tableName,
        LOG_KEY_ARN: logKeyArn,
        THING_PREFIX: settings.names.thingPrefix,
      },
      grants: [
        {
          name: "audit may read who belongs where",
          actions: ["dynamodb:Query"],
          resources: [homeTable.tableArn],
          conditions: onlyKeys(PRINCIPAL_KEYS),
        },
        {
          name: "audit may list runs",
          actions: ["dynamodb:Query"],
          resources: [`${auditTable.tableArn}/index/${HOME_DAY_INDEX}`],
        },
        {
          name: "audit may read what devices reported",
          actions: ["dynamodb:Query"],
          resources: [`${auditTable.tableArn}/index/${DEVICE_INDEX}`],
        },
        {
          name: "audit may read runs",
          actions: ["dynamodb:Query"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(RUN_KEYS),
        },
        {
          name: "audit may read the log",
          actions: ["dynamodb:GetItem", "dynamodb:Query"],
          resources: [logTable.tableArn],
        },
        {
          name: "audit may read its key",
          actions: ["kms:GetPublicKey"],
          resources: [logKeyArn],
        },
        {
          name: "audit may record who looks",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(ACCESS_KEYS),
        },
        {
          name: "audit may record refusals",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(REFUSED_KEYS),
        },
      ],
      settings,
    });
  }
}
