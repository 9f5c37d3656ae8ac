import { isObject, type JsonObject } from "#local/wire/json.ts";
import type { AttributeMap } from "./dynalite-types.ts";
import { itemBytes } from "./item-size.ts";

// A number that is stored as it is written: no exponent, no zero too many, no more digits than a double is sure of.
const PLAIN_NUMBER = /^(?!-0$)-?(?:0|[1-9]\d{0,13})(?:\.\d{0,13}[1-9])?$/;
// Bytes as they are written in one way only: what is left over of the last digit is zero.
const PLAIN_BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/]{4})$/;
const MAX_DEPTH = 32;
// Near the limit of 400 KB it matters how exactly somebody counts.
const SMALL_BYTES = 200 * 1024;

/**
 * Claims that nothing can be wrong with an item, and nothing about it has to be brought into DynamoDB's form: texts, simple
 * numbers, bytes, booleans, nulls, lists and maps, far from every limit. What does not hold of most items here is for dynalite to say,
 * whose checks cost as much as all the rest of a PutItem.
 */
export const isPlainItem = (item: unknown): item is AttributeMap =>
  isObject(item) && isPlainMap(item, 1) && itemBytes(parseItem(item)) < SMALL_BYTES;

const parseItem = (item: JsonObject): AttributeMap => item as AttributeMap;

const isPlainMap = (map: JsonObject, depth: number): boolean => {
  for (const name in map) if (name === "" || !isPlainValue(map[name], depth)) return false;
  return true;
};

const isPlainValue = (value: unknown, depth: number): boolean => {
  if (!isObject(value) || depth >= MAX_DEPTH) return false;
  const [type = "", ...more] = Object.keys(value);
  if (more.length > 0) return false;
  const content = value[type];
  switch (type) {
    case "S":
      return typeof content === "string";
    case "N":
      return typeof content === "string" && PLAIN_NUMBER.test(content);
    case "B":
      return typeof content === "string" && PLAIN_BASE64.test(content);
    case "BOOL":
      return typeof content === "boolean";
    case "NULL":
      return content === true;
    case "L":
      return Array.isArray(content) && content.every((one) => isPlainValue(one, depth + 1));
    case "M":
      return isObject(content) && isPlainMap(content, depth + 1);
    default:
      return false;
  }
};
