import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";

/** A record in DynamoDB's own notation, as the workflow's putItem takes it; what is undefined is left out. */
export const auditItem = (record: object): Record<string, AttributeValue> =>
  marshall(record, { removeUndefinedValues: true });
