import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "#domain/log/leaf.ts";

/**
 * An item in DynamoDB's own JSON: numbers are texts as they are stored, and bytes are base64. What the SDK adds or leaves
 * open is not in it.
 */
export const storedItem = (item: Readonly<Record<string, AttributeValue>>): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, storedValue(value)]));

const storedValue = (value: AttributeValue): unknown => {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(storedValue) };
  if (value.M !== undefined) return { M: storedItem(value.M) };
  return value;
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
