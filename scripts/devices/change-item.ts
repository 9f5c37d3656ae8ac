import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { PutItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type Change, changeRecord } from "#domain/audit/changes/change-record.ts";
import { stampOf } from "#domain/audit/stamp.ts";
import type { Registry } from "./registry.ts";

/** What a command changes, and which it is. */
export type CommandedChange = Omit<Change, "by" | "at" | "id"> & { readonly command: string };

/** Where changes are recorded. */
export type Records = Pick<Registry, "dynamoDb" | "auditTable" | "recordRetentionDays">;

/** The part of a transaction that records what the transaction changes. */
export const changeItem = async (
  registry: Records,
  change: CommandedChange,
): Promise<TransactWriteItem> => ({ Put: await recordOf(registry, change) });

/** Records a change that is no transaction, before it is made: it can be made again after a failure, and never unseen. */
export const recordChange = async (registry: Records, change: CommandedChange): Promise<void> => {
  await registry.dynamoDb.send(new PutItemCommand(await recordOf(registry, change)));
};

const recordOf = async (registry: Records, { command, ...change }: CommandedChange) => {
  const { accessKeyId } = await registry.dynamoDb.config.credentials();
  const now = new Date();
  const record = changeRecord({
    ...change,
    by: { command: `npm run ${command}`, user: userInfo().username, accessKeyId },
    at: now.toISOString(),
    id: randomUUID(),
  });
  return {
    TableName: registry.auditTable,
    Item: marshall(
      { ...record, ...stampOf(record.PK, now.getTime(), registry.recordRetentionDays) },
      { removeUndefinedValues: true },
    ),
    ConditionExpression: "attribute_not_exists(PK)",
  };
};
