import {
  Duration,
  type aws_dynamodb as dynamodb,
  aws_kms as kms,
  Stack,
  aws_scheduler as scheduler,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { SEAL_INDEX } from "#domain/home/keys.ts";
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
    const stack = Stack.of(this);
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
    // What one pass could not do the next one does, a minute later.
    this.sealRecords.function.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
    const { functionArn } = this.sealRecords.function;
    const role = serviceRole(this, "ScheduleRole", {
      service: "scheduler.amazonaws.com",
      // It must name the group; a schedule's own name is refused.
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      conditions: {
        StringEquals: { "aws:SourceAccount": stack.account },
        ArnLike: {
          "aws:SourceArn": stack.formatArn({
            service: "scheduler",
            resource: "schedule-group",
            resourceName: "default",
          }),
        },
      },
      grants: [
        {
          name: "seal-schedule may invoke seal-records",
          actions: ["lambda:InvokeFunction"],
          resources: [functionArn],
        },
      ],
      leaveOutGrants: settings.leaveOutGrants,
    });
    const everyMinute = new scheduler.CfnSchedule(this, "EveryMinute", {
      description: "Seals what was recorded.",
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    this.triedRoles = { roles: [role], takenBy: [everyMinute] };
  }
}
