import { hash, verify } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { marshall } from "@aws-sdk/util-dynamodb";
import { parseCheckpoint } from "#domain/log/checkpoint.ts";
import { append, emptyTree, rootOf } from "#domain/log/frontier.ts";
import { leafHashOf, type Sha256, sameBytes } from "#domain/log/hashing.ts";
import { isSignedBy, parseNote } from "#domain/log/note.ts";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { createIam } from "#local/iam/iam.ts";
import { createKms } from "#local/kms/kms.ts";
import { createTables } from "#local/stack/create-tables.ts";
import { templateRoles } from "#local/stack/template-roles.ts";
import { AwsError, type AwsService } from "#local/wire/aws-service.ts";
import type { AuditTables } from "../../../scripts/audit/log-source.ts";
import { ACCOUNT, OPERATOR, REGION } from "../endpoint/test-endpoint.ts";
import { declaredResources } from "../isolation/template.ts";
import { sealStepOf } from "./seal-step.ts";

type Attributes = Record<string, AttributeValue>;

const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

/** The template's tables and key behind a real endpoint, with the rights of the sealer's role. */
export interface SealingBench {
  /** What the sealer needs in its environment: it works as its role. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logTable: string;
  /** Both tables, with all rights. */
  readonly tables: AuditTables;
  /** With the rights of the role. */
  readonly asRole: DynamoDBClient;
  /** Writes a record of a run. */
  write(home: string, run: number, sort: string): Promise<void>;
  /** Ends the lease of a sealer that was killed, as thirty seconds would. */
  endLease(home: string): Promise<void>;
  /** The names of a home's records in the order of their entries. */
  sealedIn(home: string): Promise<readonly string[]>;
  /** What is wrong with a home's log; nothing when each of its records is in it once, under a head that KMS signed. */
  faultsOf(home: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Told of each call of the sealer's role by its step. */
export interface SealingWatch {
  /** Asked before it is carried out: one that is refused is not. */
  refuses?(step: string): boolean;
  /** Told when it is carried out, and not answered. */
  carriedOut?(step: string): void;
}

/** Starts it. */
export const startSealingBench = async (watch: SealingWatch = {}): Promise<SealingBench> => {
  const directory = mkdtempSync(join(tmpdir(), "sealing-"));
  const resources = declaredResources();
  const named = (type: string, name: string) => {
    const found = resources.find((one) => one.type === type && one.logicalId.includes(name));
    if (found === undefined) throw new Error(`no ${type} ${name}`);
    return found;
  };
  const tableOf = (name: string) => named("AWS::DynamoDB::GlobalTable", name).physical.ref;
  const [auditTable, logTable] = [tableOf("AuditTable"), tableOf("LogTable")];
  const key = named("AWS::KMS::Key", "Key");
  const roleArn = named("AWS::IAM::Role", "AuditLogSealRecordsRole").physical.attributes.Arn ?? "";
  const iam = createIam({
    accountId: ACCOUNT,
    masterSecret: "test",
    operator: OPERATOR,
    roles: templateRoles(resources),
  });
  const endpoint = await startAwsEndpoint({
    port: 0,
    region: REGION,
    iam,
  });
  const watched = (service: AwsService): AwsService => ({
    ...service,
    understand: (request) => {
      const understood = service.understand(request);
      if (request.caller.roleArn !== roleArn) return understood;
      const step = sealStepOf(request);
      return {
        permissions: understood.permissions,
        carryOut: async () => {
          if (watch.refuses?.(step) === true) {
            throw new AwsError("AccessDeniedException", "The test refuses it.");
          }
          const answer = await understood.carryOut();
          watch.carriedOut?.(step);
          return answer;
        },
      };
    },
  });
  const tables = await openDynamoDb({ file: ":memory:", region: REGION, accountId: ACCOUNT });
  endpoint.register(watched(tables.service));
  endpoint.register(
    watched(
      createKms({
        region: REGION,
        accountId: ACCOUNT,
        keys: [
          {
            logicalId: key.logicalId,
            id: key.physical.ref,
            arn: key.physical.attributes.Arn ?? "",
            properties: key.properties,
          },
        ],
        file: (name) => join(directory, name),
      }),
    ),
  );
  const operator = { endpoint: endpoint.url, region: REGION, credentials: OPERATOR };
  await createTables(
    operator,
    resources.filter(({ type }) => type === "AWS::DynamoDB::GlobalTable"),
  );
  const dynamoDb = new DynamoDBClient(operator);
  const kms = new KMSClient(operator);
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: key.physical.ref }));
  kms.destroy();
  const spki = Buffer.from(PublicKey ?? []);
  const credentials = iam.credentialsFor(roleArn, "lambda.amazonaws.com");
  const asRole = new DynamoDBClient({ ...operator, credentials, maxAttempts: 1 });

  const scan = async (TableName: string): Promise<readonly Attributes[]> => {
    const items: Attributes[] = [];
    let from: Attributes | undefined;
    do {
      const page = await dynamoDb.send(
        new ScanCommand({ TableName, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return items;
  };
  const entriesOf = (home: string, items: readonly Attributes[]): readonly Attributes[] =>
    items
      .filter((item) => item.PK?.S === `LOG#${home}` && item.SK?.S?.startsWith("ENTRY#") === true)
      .toSorted((one, other) => (String(one.SK?.S) < String(other.SK?.S) ? -1 : 1));

  return {
    environment: {
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
      POWERTOOLS_TRACE_ENABLED: "false",
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      POWERTOOLS_METRICS_NAMESPACE: "test",
      AUDIT_TABLE_NAME: auditTable,
      LOG_TABLE_NAME: logTable,
      LOG_KEY_ARN: key.physical.attributes.Arn ?? "",
      RECORD_RETENTION_DAYS: "400",
    },
    logTable,
    tables: { dynamoDb, auditTable, logTable },
    asRole,
    write: async (home, run, sort) => {
      const nowMs = Date.now();
      await dynamoDb.send(
        new PutItemCommand({
          TableName: auditTable,
          Item: marshall({
            PK: `HOME#${home}#RUN#run_${run}`,
            SK: sort,
            recordedAt: nowMs,
            seal: `${new Date(nowMs).toISOString().slice(0, 10)}#${(run % 16).toString(16)}`,
            expiresAt: 9_999_999_999,
            after: { light: { on: true, level: 0.1 + 0.2 } },
          }),
        }),
      );
    },
    endLease: async (home) => {
      await dynamoDb.send(
        new PutItemCommand({
          TableName: logTable,
          Item: marshall({ PK: `CTL#${home}`, SK: "LEASE", heldUntil: 0 }),
        }),
      );
    },
    sealedIn: async (home) =>
      entriesOf(home, await scan(logTable)).map(({ rec }) => String(rec?.S)),
    faultsOf: async (home) => {
      const items = await scan(logTable);
      const at = (PK: string, SK: string): Attributes =>
        items.find((item) => item.PK?.S === PK && item.SK?.S === SK) ?? {};
      const entries = entriesOf(home, items);
      let tree = emptyTree;
      for (const { leaf } of entries) {
        tree = append(sha256, tree, leafHashOf(sha256, Buffer.from(leaf?.S ?? "")));
      }
      const root = rootOf(sha256, tree);
      const records = (await scan(auditTable)).map(({ PK, SK }) => `${PK?.S}|${SK?.S}`);
      const names = entries.map(({ rec }) => String(rec?.S));
      const receipts = items.filter((item) => item.PK?.S?.startsWith(`HOME#${home}#`) === true);
      const { leaves, root: stored } = at(`LOG#${home}`, "HEAD");
      const note = parseNote(at(`CTL#${home}`, "CHECKPOINT").note?.S ?? "");
      const checkpoint = parseCheckpoint(note.text);
      const signed = await isSignedBy(
        sha256,
        (_, message, signature) =>
          verify(null, message, { key: spki, format: "der", type: "spki" }, signature),
        note,
        { name: `smarthome.${home}`, publicKey: spki.subarray(-32) },
      );
      const holds: Readonly<Record<string, boolean>> = {
        "every record is sealed": records.every((name) => names.includes(name)),
        "each once": new Set(names).size === names.length && receipts.length === names.length,
        "without a gap": entries.every(
          ({ SK }, index) => SK?.S === `ENTRY#${String(index).padStart(12, "0")}`,
        ),
        "the head is of the entries":
          leaves?.N === String(tree.size) && sameBytes(stored?.B ?? new Uint8Array(), root),
        "the signed head is the head":
          checkpoint.size === tree.size && sameBytes(checkpoint.root, root),
        "KMS signed it": signed === "signed",
      };
      return Object.keys(holds).filter((promise) => holds[promise] !== true);
    },
    close: async () => {
      asRole.destroy();
      dynamoDb.destroy();
      await tables.close();
      await endpoint.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
