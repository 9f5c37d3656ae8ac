import { type AwsAccess, callAws } from "./aws-call.ts";
import { isRecord, notUnderstood } from "./cloudformation/read-template.ts";
import type { ResolvedResource } from "./cloudformation/resolve-template.ts";

/**
 * Creates the template's tables that are not there yet, and sets their time to live, as CloudFormation would: through
 * the DynamoDB API.
 * @throws LocalError `TemplateNotUnderstood` when DynamoDB refuses a table
 */
export const createTables = async (
  access: AwsAccess,
  tables: readonly ResolvedResource[],
): Promise<void> => {
  for (const table of tables) {
    const { properties } = table;
    const name = table.physical.ref;
    await dynamoDb(access, table, "CreateTable", ["ResourceInUseException"], {
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      BillingMode: "PAY_PER_REQUEST",
      ...(Array.isArray(properties.GlobalSecondaryIndexes)
        ? { GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes }
        : {}),
    });
    if (isRecord(properties.TimeToLiveSpecification)) {
      // Setting what is set already is a ValidationException; a restart does so.
      await dynamoDb(access, table, "UpdateTimeToLive", ["ValidationException"], {
        TableName: name,
        TimeToLiveSpecification: properties.TimeToLiveSpecification,
      });
    }
  }
};

const dynamoDb = async (
  access: AwsAccess,
  table: ResolvedResource,
  operation: string,
  accepted: readonly string[],
  input: unknown,
): Promise<void> => {
  const answer = await callAws(access, {
    service: "dynamodb",
    method: "POST",
    path: "/",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
    },
    body: JSON.stringify(input),
  });
  if (answer.status === 200) return;
  const text = answer.body.toString("utf8");
  const [, code] = /"__type":"(?:[^"#]*#)?([^"]*)"/.exec(text) ?? [];
  if (code !== undefined && accepted.includes(code)) return;
  throw notUnderstood(`${table.logicalId}: DynamoDB ${operation} answered ${text}.`);
};
