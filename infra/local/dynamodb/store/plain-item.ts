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
export const isPlainItem = (item: unknown): item is AttributeMap => {
  const bytes = isObject(item) ? mapBytesAtMost(item, 1) : NOT_PLAIN;
  if (bytes < SMALL_BYTES) return true;
  return bytes < NOT_PLAIN && itemBytes(parseItem(item)) < SMALL_BYTES;
};

const parseItem = (item: unknown): AttributeMap => item as AttributeMap;

// More than every size.
const NOT_PLAIN = Number.POSITIVE_INFINITY;
// In UTF-8; to count them exactly costs more, and matters for large items only.
const BYTES_OF_A_CHARACTER = 3;

const mapBytesAtMost = (map: JsonObject, depth: number): number => {
  let bytes = 0;
  for (const name in map) {
    if (name === "") return NOT_PLAIN;
    bytes += BYTES_OF_A_CHARACTER * name.length + 1 + valueBytesAtMost(map[name], depth);
  }
  return bytes;
};

const valueBytesAtMost = (value: unknown, depth: number): number => {
  if (!isObject(value) || depth >= MAX_DEPTH) return NOT_PLAIN;
  const [type = "", ...more] = Object.keys(value);
  if (more.length > 0) return NOT_PLAIN;
  const content = value[type];
  switch (type) {
    case "S":
      return typeof content === "string" ? BYTES_OF_A_CHARACTER * content.length : NOT_PLAIN;
    case "N":
      return typeof content === "string" && PLAIN_NUMBER.test(content)
        ? content.length + 1
        : NOT_PLAIN;
    case "B":
      return typeof content === "string" && PLAIN_BASE64.test(content) ? content.length : NOT_PLAIN;
    case "BOOL":
      return typeof content === "boolean" ? 1 : NOT_PLAIN;
    case "NULL":
      return content === true ? 1 : NOT_PLAIN;
    case "L":
      return Array.isArray(content) ? listBytesAtMost(content, depth) : NOT_PLAIN;
    case "M":
      return isObject(content) ? 3 + mapBytesAtMost(content, depth + 1) : NOT_PLAIN;
    default:
      return NOT_PLAIN;
  }
};

const listBytesAtMost = (list: readonly unknown[], depth: number): number => {
  let bytes = 3;
  for (const one of list) bytes += 1 + valueBytesAtMost(one, depth + 1);
  return bytes;
};
