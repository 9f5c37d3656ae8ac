import {
  type aws_dynamodb as dynamodb,
  type aws_iam as iam,
  aws_iot as iot,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
} from "aws-cdk-lib";
import { Construct } from "constructs";
import { lastWillTopic, shadowUpdateTopic } from "#domain/topics.ts";
import type { TriedRoles } from "./first-deployment/tried-roles.ts";
import { CHANGE_KEYS, type Grant, onlyKeys, RUN_KEYS } from "./grants.ts";
import { ruleArn, topicArn } from "./names/iot-arns.ts";
import { serviceRole } from "./service-role.ts";
import { acknowledgementSql, thingPattern } from "./sql/acknowledgement-sql.ts";
import { changeSql } from "./sql/change-sql.ts";
import type { StackSettings } from "./stack-settings.ts";

const SQL_VERSION = "2016-03-23";

export interface TopicRulesProps {
  readonly auditTable: dynamodb.TableV2;
  readonly settings: StackSettings;
}

/** What AWS IoT does by itself: it records acknowledgements, and tells the shadow of a device that its device is gone. */
export class TopicRules extends Construct {
  readonly names: readonly string[];
  /** Where a rule's error action writes what could not be done. */
  readonly errors: logs.LogGroup;
  readonly triedRoles: TriedRoles;

  constructor(scope: Construct, id: string, { auditTable, settings }: TopicRulesProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { recordRetentionDays } = settings;
    const { thingPrefix, things, topicRule } = settings.names;
    const recordAcknowledgement = topicRule("record_acknowledgement");
    const recordChange = topicRule("record_change");
    const republishLastWill = topicRule("republish_last_will");
    this.names = [recordAcknowledgement, recordChange, republishLastWill];
    const roles: iam.IRole[] = [];
    const role = (roleId: string, rules: readonly string[], grant: Grant) => {
      const made = serviceRole(this, roleId, {
        service: "iot.amazonaws.com",
        // https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html
        conditions: {
          StringEquals: { "aws:SourceAccount": stack.account },
          ArnLike: { "aws:SourceArn": rules.map((rule) => ruleArn(stack, rule)) },
        },
        grants: [grant],
        leaveOutGrants: settings.leaveOutGrants,
      });
      roles.push(made);
      return made.roleArn;
    };

    this.errors = new logs.LogGroup(this, "Errors", {
      retention: settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const errorAction: iot.CfnTopicRule.ActionProperty = {
      cloudwatchLogs: {
        logGroupName: this.errors.logGroupName,
        // https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-logs-rule-action.html
        roleArn: role("WriteErrors", this.names, {
          name: "iot-rule may write its errors",
          actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          resources: [this.errors.logGroupArn],
        }),
      },
    };

    const acknowledgements = new iot.CfnTopicRule(this, "RecordAcknowledgement", {
      ruleName: recordAcknowledgement,
      topicRulePayload: {
        description: "Puts each acknowledgement of a device into the audit table.",
        awsIotSqlVersion: SQL_VERSION,
        sql: acknowledgementSql(thingPrefix, recordRetentionDays),
        actions: [
          {
            dynamoDBv2: {
              putItem: { tableName: auditTable.tableName },
              roleArn: role("PutAcknowledgements", [recordAcknowledgement], {
                name: "iot-rule may put acknowledgements",
                actions: ["dynamodb:PutItem"],
                resources: [auditTable.tableArn],
                conditions: onlyKeys(RUN_KEYS),
              }),
            },
          },
        ],
        errorAction,
      },
    });

    const changes = new iot.CfnTopicRule(this, "RecordChange", {
      ruleName: recordChange,
      topicRulePayload: {
        description: "Puts what a device changed without a command into the audit table.",
        awsIotSqlVersion: SQL_VERSION,
        sql: changeSql(thingPrefix, recordRetentionDays),
        actions: [
          {
            dynamoDBv2: {
              putItem: { tableName: auditTable.tableName },
              roleArn: role("PutChanges", [recordChange], {
                name: "iot-rule may put changes",
                actions: ["dynamodb:PutItem"],
                resources: [auditTable.tableArn],
                conditions: onlyKeys(CHANGE_KEYS),
              }),
            },
          },
        ],
        errorAction,
      },
    });

    const lastWills = new iot.CfnTopicRule(this, "RepublishLastWill", {
      ruleName: republishLastWill,
      topicRulePayload: {
        description: "Reports a device offline in its shadow when the broker sends its last will.",
        awsIotSqlVersion: SQL_VERSION,
        // The dotted alias nests: {"state":{"reported":{"online":false}}}, whatever the will itself says.
        sql: [
          `SELECT false AS state.reported.online FROM '${lastWillTopic("+")}'`,
          `WHERE regexp_matches(topic(2), '${thingPattern(thingPrefix)}')`,
        ].join("\n"),
        actions: [
          {
            republish: {
              // A reserved topic needs a second dollar sign here.
              // https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html
              topic: `$${shadowUpdateTopic("${topic(2)}")}`,
              qos: 1,
              roleArn: role("RepublishLastWills", [republishLastWill], {
                name: "iot-rule may republish last wills",
                actions: ["iot:Publish"],
                resources: [topicArn(stack, shadowUpdateTopic(things))],
                wildcardReason: "The thing is named by the topic that the last will came on.",
              }),
            },
          },
        ],
        errorAction,
      },
    });
    this.triedRoles = { roles, takenBy: [acknowledgements, changes, lastWills] };
  }
}
