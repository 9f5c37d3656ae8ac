import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { stampOf } from "#domain/audit/stamp.ts";
import { HomeError } from "#domain/home-error.ts";
import { requiredVariable } from "./environment.ts";

/**
 * A record in DynamoDB's own notation, as the workflow's putItem takes it, with its stamp; what is undefined is left
 * out. Every record that a function writes comes through here.
 */
export const auditItem = (record: AuditRecord): Record<string, AttributeValue> =>
  marshall(
    { ...record, ...stampOf(record.PK, Date.now(), retentionDays()) },
    { removeUndefinedValues: true },
  );

/** The same item with one list of texts more, or another one. */
export const withTexts = (
  item: Readonly<Record<string, AttributeValue>>,
  member: string,
  texts: readonly string[],
): Record<string, AttributeValue> => ({
  ...item,
  [member]: { L: texts.map((text) => ({ S: text })) },
});

const retentionDays = (): number => {
  const days = Number(requiredVariable("RECORD_RETENTION_DAYS"));
  if (Number.isInteger(days) && days > 0) return days;
  throw new HomeError(
    "EnvironmentInvalid",
    "The environment variable RECORD_RETENTION_DAYS must be a whole number of days.",
  );
};
