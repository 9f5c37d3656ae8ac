import { type aws_dynamodb as dynamodb, aws_kms as kms, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { SEAL_INDEX } from "#domain/home/keys.ts";
import { everyMinute, schedulerOfDefaultGroup } from "./every-minute/every-minute.ts";
import type { TriedRoles } from "./first-deployment/tried-roles.ts";
import { CONTROL_KEYS, onlyKeys, RETENTION_KEYS } from "./grants.ts";
import { HandlerFunction } from "./handler-function.ts";
import { serviceRole } from "./service-role.ts";
import { keptWithTheStack, type StackSettings } from "./stack-settings.ts";

export interface AuditLogProps {
  readonly auditTable: dynamodb.TableV2;
  readonly logTable: dynamodb.TableV2;
  readonly settings: StackSettings;
}

/** What makes the audit provable: the key that signs the logs' heads, and the function that seals every minute. */
export class AuditLog extends Construct {
  readonly keyArn: string;
  readonly sealRecords: HandlerFunction;
  readonly triedRoles: TriedRoles;

  constructor(scope: Construct, id: string, { auditTable, logTable, settings }: AuditLogProps) {
    super(scope, id);
    // Without a policy of its own KMS gives it the one by which the account's IAM decides: the grants below are the whole
    // truth. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    const key = new kms.CfnKey(this, "Key", {
      description: "Signs the heads of the homes' audit logs.",
      keySpec: "ECC_NIST_EDWARDS25519",
      keyUsage: "SIGN_VERIFY",
    });
    key.applyRemovalPolicy(keptWithTheStack(settings));
    this.keyArn = key.attrArn;

    this.sealRecords = new HandlerFunction(this, "SealRecords", {
      name: "seal-records",
      description: "Gives each audit record its entry in the log of its home, and signs the head.",
      timeoutSeconds: 60,
      memoryMb: 512,
      environment: {
        AUDIT_TABLE_NAME: auditTable.tableName,
        LOG_TABLE_NAME: logTable.tableName,
        LOG_KEY_ARN: key.attrArn,
      },
      grants: [
        {
          name: "seal-records may find records",
          actions: ["dynamodb:Query"],
          resources: [`${auditTable.tableArn}/index/${SEAL_INDEX}`],
        },
        {
          name: "seal-records may read records",
          actions: ["dynamodb:BatchGetItem"],
          resources: [auditTable.tableArn],
        },
        {
          name: "seal-records may record retention",
          actions: ["dynamodb:PutItem"],
          resources: [auditTable.tableArn],
          conditions: onlyKeys(...RETENTION_KEYS),
        },
        {
          name: "seal-records may read the log",
          actions: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
          resources: [logTable.tableArn],
        },
        {
          // Whatever is appended is appended with the head, or not at all.
          name: "seal-records may append to the log",
          actions: ["dynamodb:PutItem"],
          resources: [logTable.tableArn],
          conditions: {
            // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
            "ForAnyValue:StringEquals": { "dynamodb:EnclosingOperation": "TransactWriteItems" },
          },
        },
        {
          name: "seal-records may put leases and signed heads",
          actions: ["dynamodb:PutItem"],
          resources: [logTable.tableArn],
          conditions: onlyKeys(CONTROL_KEYS),
        },
        {
          name: "seal-records may sign",
          actions: ["kms:Sign"],
          resources: [key.attrArn],
          conditions: { StringEquals: { "kms:SigningAlgorithm": "ED25519_SHA_512" } },
        },
        {
          name: "seal-records may read its key",
          actions: ["kms:GetPublicKey"],
          resources: [key.attrArn],
        },
      ],
      settings,
    });
    const sealing = this.sealRecords.function;
    const role = serviceRole(this, "ScheduleRole", {
      ...schedulerOfDefaultGroup(Stack.of(this)),
      grants: [
        {
          name: "seal-schedule may invoke seal-records",
          actions: ["lambda:InvokeFunction"],
          resources: [sealing.functionArn],
        },
      ],
      leaveOutGrants: settings.leaveOutGrants,
    });
    const schedule = everyMinute(this, "EveryMinute", {
      description: "Seals what was recorded.",
      called: sealing,
      roleArn: role.roleArn,
    });
    this.triedRoles = { roles: [role], takenBy: [schedule] };
  }
}
