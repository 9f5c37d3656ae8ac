import { aws_dynamodb as dynamodb } from "aws-cdk-lib";
import { Construct } from "constructs";
import { DEVICE_INDEX, FLEET_INDEX, HOME_DAY_INDEX, SEAL_INDEX } from "#domain/home/keys.ts";
import { keptWithTheStack, type StackSettings } from "./stack-settings.ts";

const { STRING, NUMBER } = dynamodb.AttributeType;

/** The homes (devices, scenes, members), the audit records and the log that proves them: on demand, with point-in-time recovery. */
export class Tables extends Construct {
  readonly home: dynamodb.TableV2;
  readonly audit: dynamodb.TableV2;
  readonly log: dynamodb.TableV2;

  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    const common = {
      partitionKey: { name: "PK", type: STRING },
      sortKey: { name: "SK", type: STRING },
      billing: dynamodb.Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: settings.refuseDeletion,
      removalPolicy: keptWithTheStack(settings),
    };
    this.home = new dynamodb.TableV2(this, "HomeTable", {
      ...common,
      // Of claims to runs alone: what is granted for a while is kept when it is over.
      timeToLiveAttribute: "goneAt",
      globalSecondaryIndexes: [
        // "Who belongs to this home": the items of people alone say which home they are a member of.
        {
          indexName: "members",
          partitionKey: { name: "memberOf", type: STRING },
          sortKey: { name: "PK", type: STRING },
          projectionType: dynamodb.ProjectionType.ALL,
        },
      ],
    });
    this.audit = new dynamodb.TableV2(this, "AuditTable", {
      ...common,
      // Kept for long and hardly read: what it costs is nearly all storage.
      tableClass: dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS,
      timeToLiveAttribute: "expiresAt",
      globalSecondaryIndexes: [
        // "What is not sealed yet": of every record its keys, for the sealer alone.
        {
          indexName: SEAL_INDEX,
          partitionKey: { name: "seal", type: STRING },
          sortKey: { name: "recordedAt", type: NUMBER },
          projectionType: dynamodb.ProjectionType.KEYS_ONLY,
        },
        // "What happened last night" in a home: of each run its request and, once it is over, its outcome. Without the plan
        // and the devices' states, which alone would write most of a partition's share.
        {
          indexName: HOME_DAY_INDEX,
          partitionKey: { name: "homeDay", type: STRING },
          sortKey: { name: "requestedAt", type: STRING },
          projectionType: dynamodb.ProjectionType.INCLUDE,
          nonKeyAttributes: [
            ...[
              "v",
              "home",
              "run",
              "scene",
              "caller",
              "role",
              "visitReason",
              "reason",
              "requestId",
            ],
            ...[
              "planHash",
              "askedDevices",
              "result",
              "deviceCount",
              "confirmedCount",
              "finishedAt",
            ],
          ],
        },
        // "What failed tonight", in all homes: of each run its request and, once it is over, its outcome.
        {
          indexName: FLEET_INDEX,
          partitionKey: { name: "dayShard", type: STRING },
          sortKey: { name: "requestedAt", type: STRING },
          projectionType: dynamodb.ProjectionType.INCLUDE,
          nonKeyAttributes: ["v", "home", "run", "scene", "result"],
        },
        // "Who turned this on"
        {
          indexName: DEVICE_INDEX,
          partitionKey: { name: "thing", type: STRING },
          sortKey: { name: "acknowledgedAt", type: NUMBER },
          projectionType: dynamodb.ProjectionType.ALL,
        },
      ],
    });
    // Entries and tiles stay; the receipts go with their records.
    this.log = new dynamodb.TableV2(this, "LogTable", {
      ...common,
      timeToLiveAttribute: "expiresAt",
    });
  }
}
