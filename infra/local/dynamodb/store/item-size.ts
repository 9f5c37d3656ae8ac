// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
import type { AttributeMap, AttributeValue } from "./dynalite-types.ts";
import { validationError } from "./dynamo-error.ts";

const MAX_ITEM_BYTES = 400 * 1024;
const MAX_DEPTH = 32;

const utf8 = (text: string): number => Buffer.byteLength(text, "utf8");

// One byte for each two significant digits and one more; the exact form is DynamoDB's own.
const numberBytes = (text: string): number => {
  const digits = text.replace(/^-?0*\.?0*|\D|0+$/g, "").length;
  return Math.ceil(digits / 2) + 1;
};

const valueBytes = (value: AttributeValue, depth: number): number => {
  if (depth > MAX_DEPTH) throw validationError("Nesting Levels have exceeded supported limits");
  const [type = "", content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case "S":
      return utf8(content as string);
    case "N":
      return numberBytes(content as string);
    case "B":
      return Buffer.byteLength(content as string, "base64");
    case "SS":
      return sum((content as readonly string[]).map(utf8));
    case "NS":
      return sum((content as readonly string[]).map(numberBytes));
    case "BS":
      return sum((content as readonly string[]).map((b) => Buffer.byteLength(b, "base64")));
    case "L":
      return (
        3 + sum((content as readonly AttributeValue[]).map((v) => 1 + valueBytes(v, depth + 1)))
      );
    case "M":
      return 3 + mapBytes(content as AttributeMap, depth + 1, 1);
    default:
      return 1;
  }
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

const mapBytes = (map: AttributeMap, depth: number, perEntry: number): number => {
  let total = 0;
  for (const name in map) {
    const value = map[name];
    if (value !== undefined) total += utf8(name) + valueBytes(value, depth) + perEntry;
  }
  return total;
};

/**
 * The size of an item in bytes, as it counts towards 400 KB. dynalite counts characters, which lets an item through
 * that AWS refuses as soon as it holds an umlaut.
 * @throws AwsError `ValidationException` for a document nested deeper than 32 levels.
 */
export const itemBytes = (item: AttributeMap): number => mapBytes(item, 1, 0);

/** @throws AwsError `ValidationException` with `message` for an item over 400 KB. */
export const checkItemSize = (item: AttributeMap, message: string): void => {
  if (itemBytes(item) > MAX_ITEM_BYTES) throw validationError(message);
};
