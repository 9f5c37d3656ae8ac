// https://docs.aws.amazon.com/iot/latest/developerguide/dynamodb-v2-rule-action.html
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { callJson } from "#local/wire/call-json.ts";
import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { DYNAMODB } from "#local/wire/json-api.ts";
import { type JsonBuilder, member, setMember } from "../messages/json.ts";
import { failureOfAnswer } from "./rule-action-failure.ts";
import { isPayload, type RuleOutput, unusable } from "./rule-output.ts";

/** Puts an item whose attributes are the root members of the output. */
export const putItem = async (
  access: AwsAccess,
  table: string,
  output: RuleOutput,
  signal: AbortSignal,
): Promise<void> => {
  const action = `Failed to insert record to DynamoDBv2 table ${table}.`;
  if (isPayload(output)) throw unusable(action, "JSON object");
  const item = { TableName: table, Item: attributeMap(output) };
  const answer = await callJson(access, DYNAMODB, "PutItem", item, signal);
  const failure = failureOfAnswer(answer, action, "DynamoDb");
  if (failure !== undefined) throw failure;
};

/** Members as DynamoDB attributes. How AWS maps nested values is not spelled out; this is the plain mapping. */
export const attributeMap = (object: JsonObject): JsonObject => {
  const attributes: JsonBuilder = {};
  for (const key of Object.keys(object)) {
    const value = member(object, key);
    if (value !== undefined) setMember(attributes, key, attributeValue(value));
  }
  return attributes;
};

const attributeValue = (value: Json): JsonObject => {
  if (value === null) return { NULL: true };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "string") return { S: value };
  if (isArray(value)) return { L: value.map(attributeValue) };
  return { M: isObject(value) ? attributeMap(value) : {} };
};
