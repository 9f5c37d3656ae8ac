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

/**
 * The same of an item that is not stored yet: as DynamoDB will give it back. It writes numbers without an exponent.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */
export const itemToStore = (item: Readonly<Record<string, AttributeValue>>): Item =>
  storedItem(Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)])));

const plain = (value: AttributeValue): AttributeValue => {
  if (value.N !== undefined) return { N: withoutExponent(value.N) };
  if (value.L !== undefined) return { L: value.L.map(plain) };
  if (value.M === undefined) return value;
  return {
    M: Object.fromEntries(Object.entries(value.M).map(([name, each]) => [name, plain(each)])),
  };
};

const withoutExponent = (number: string): string => {
  const [, sign = "", whole = "", fraction = "", exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(number) ?? [];
  if (exponent === undefined) return number === "-0" ? "0" : number;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
