import { setTimeout as pause } from "node:timers/promises";
import { type AttributeValue, QueryCommand } from "@aws-sdk/client-dynamodb";
import { runKey } from "#domain/home/keys.ts";
import { type Check, NOTHING_TO_CHECK } from "./check.ts";
import { fault, well } from "./finding.ts";
import type { Visit } from "./visit.ts";

type Item = Readonly<Record<string, AttributeValue>>;

const KINDS = ["RUN", "ACK", "OUTCOME"] as const;
const LOOK_EVERY_MS = 500;
const PATIENCE_MS = 10_000;

/** The run's records are in the audit, with their nested values as maps and their stamps. */
export const checkRecords: Check = {
  name: "audit records",
  needs: ["mcp session", "certificate over mqtt"],
  look: async (visit) => {
    // Of a run that was not done, too: its records say why.
    const { run } = visit;
    if (run === undefined) {
      return {
        code: NOTHING_TO_CHECK,
        summary: "There is no run whose records could be looked at.",
      };
    }
    const items = await recordsOf(visit, run);
    const missing = KINDS.filter((kind) => find(items, kind) === undefined);
    if (missing.length > 0) {
      return fault(
        "RecordMissing",
        `The audit of ${run} has no ${missing.join(" and no ")}: ${missing.includes("ACK") ? "the rule record_acknowledgement writes them" : "the workflow writes them"}.`,
        "Look at the rules' error log and the workflow's log; a LeadingKeys condition may not fit the key.",
      );
    }
    const acknowledgement = find(items, "ACK") ?? {};
    const flat = ["after", "command"].filter((name) => acknowledgement[name]?.M === undefined);
    if (flat.length > 0) {
      return fault(
        "NestedAsText",
        `In the acknowledgement, ${flat.map((name) => `${name} is ${typeOf(acknowledgement[name])}`).join(" and ")}, and not a map: IoT's SQL or its DynamoDBv2 action writes nested values otherwise.`,
        "infra/aws/sql/acknowledgement-sql.ts must build what DynamoDB keeps as a map.",
      );
    }
    const unstamped = items.filter(
      ({ seal, recordedAt, expiresAt }) =>
        seal?.S === undefined || recordedAt?.N === undefined || expiresAt?.N === undefined,
    );
    if (unstamped.length > 0) {
      return fault(
        "StampMissing",
        `${unstamped.map(({ SK }) => SK?.S ?? "").join(", ")}: no seal, recordedAt or expiresAt, so that the record is neither sealed nor ever removed.`,
        "infra/aws/sql/stamp-sql.ts and the workflow give them; compare what IoT's parse_time and trunc answer.",
      );
    }
    const after = acknowledgement.after?.M?.light?.M?.on;
    if (after?.BOOL !== false) {
      return fault(
        "NestedOtherwise",
        `The acknowledgement says that the lamp is ${JSON.stringify(after)} afterwards, and it was switched off.`,
        "Compare the rule's SQL with the shadow's update/documents message.",
      );
    }
    return well(
      `${items.length} records: request, acknowledgement (after and command are maps) and outcome, each with its stamp.`,
    );
  },
};

const find = (items: readonly Item[], kind: string): Item | undefined =>
  items.find(({ SK }) => SK?.S === kind || SK?.S?.startsWith(`${kind}#`));

const typeOf = (value: AttributeValue | undefined): string =>
  value === undefined ? "absent" : `of type ${Object.keys(value).join("")}`;

/** The last record of a run is written by the workflow after its answer is made. */
const recordsOf = async ({ registry, home }: Visit, run: string): Promise<readonly Item[]> => {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const { Items = [] } = await registry.dynamoDb.send(
      new QueryCommand({
        TableName: registry.auditTable,
        KeyConditionExpression: "PK = :run",
        ExpressionAttributeValues: { ":run": { S: runKey(home, run) } },
        ConsistentRead: true,
      }),
    );
    const isWhole = KINDS.every((kind) => find(Items, kind) !== undefined);
    if (isWhole || performance.now() > endsAt) return Items;
    await pause(LOOK_EVERY_MS);
  }
};
