import { isObject } from "#domain/json.ts";
import { fromBase64, fromBase64Url, toBase64Url } from "./base64.ts";
import { logInvalid, type Sha256 } from "./hashing.ts";
import { type Item, SALT_BYTES } from "./leaf.ts";

/** Where a record stands in the log, and the salt of its commitment. */
export interface Receipt {
  readonly index: number;
  readonly salt: Uint8Array;
}

/** A record of an export, and its receipts: none if it is not sealed yet. */
export interface ExportedRecord {
  readonly item: Item;
  readonly receipts: readonly Receipt[];
}

/** The line of a record in an export's `records.jsonl`; without a receipt it is not sealed yet. */
export const recordLine = (item: Item, receipt?: Receipt): string =>
  JSON.stringify({
    ...(receipt === undefined ? {} : { i: receipt.index, salt: toBase64Url(receipt.salt) }),
    record: item,
  });

/**
 * Reads such a line.
 * @throws HomeError `LogInvalid`
 */
export const parseRecordLine = (line: string): ExportedRecord => recordOf(parseLine(line));

const recordOf = ({ i, salt, record }: Readonly<Record<string, unknown>>): ExportedRecord => {
  if (!isObject(record)) throw logInvalid("it has no record.");
  if (i === undefined && salt === undefined) return { item: record, receipts: [] };
  const bytes = typeof salt === "string" ? fromBase64Url(salt) : undefined;
  if (!isIndex(i) || bytes?.length !== SALT_BYTES) {
    throw logInvalid("its entry or its salt is none.");
  }
  return { item: record, receipts: [{ index: i, salt: bytes }] };
};

/** The keys of a record, `undefined` where it has none. */
export const keysOf = (item: Item): { readonly partition?: string; readonly sort?: string } => {
  const [partition, sort] = [textOf(item.PK), textOf(item.SK)];
  return {
    ...(partition === undefined ? {} : { partition }),
    ...(sort === undefined ? {} : { sort }),
  };
};

/** The receipts of a log by the keys of their records, in about 130 bytes each. */
export interface Receipts {
  readonly of: (item: Item) => readonly Receipt[];
}

/**
 * Reads receipts, either of `records.jsonl` or of DynamoDB's own export of the log table, whose other items are passed
 * over; DynamoDB exports in no order, so all of them must be known before the first record is read.
 * @throws HomeError `LogInvalid`
 */
export const readReceipts = async (
  sha256: Sha256,
  lines: AsyncIterable<string>,
): Promise<Receipts> => {
  const slots = new Map<string, number[]>();
  const salts: Uint8Array[] = [];
  const indexes: number[] = [];
  const keep = (key: string, { index, salt }: Receipt): void => {
    slots.set(key, [...(slots.get(key) ?? []), indexes.push(index) - 1]);
    salts.push(salt);
  };
  const keyOf = (partition: string, sort: string): string =>
    toBase64Url(sha256(new TextEncoder().encode(`${partition}\n${sort}`)).slice(0, 16));
  for await (const line of lines) {
    if (line === "") continue;
    const value = parseLine(line);
    if (isObject(value.Item)) {
      const receipt = receiptOfItem(value.Item);
      const { partition, sort } = keysOf(value.Item);
      // The receipt's own sort key is the record's, and a hash that tells records of one key apart.
      const end = sort?.lastIndexOf("#") ?? -1;
      if (receipt === undefined || partition === undefined || sort === undefined || end < 0)
        continue;
      keep(keyOf(partition, sort.slice(0, end)), receipt);
      continue;
    }
    const { item, receipts } = recordOf(value);
    const { partition = "", sort = "" } = keysOf(item);
    for (const receipt of receipts) keep(keyOf(partition, sort), receipt);
  }
  return {
    of: (item) => {
      const { partition = "", sort = "" } = keysOf(item);
      return (slots.get(keyOf(partition, sort)) ?? []).flatMap((slot) => {
        const [index, salt] = [indexes[slot], salts[slot]];
        return index === undefined || salt === undefined ? [] : [{ index, salt }];
      });
    },
  };
};

const receiptOfItem = (item: Item): Receipt | undefined => {
  const { index, salt } = item;
  const number = isObject(index) ? Number(index.N) : undefined;
  const bytes = isObject(salt) && typeof salt.B === "string" ? fromBase64(salt.B) : undefined;
  return isIndex(number) && bytes?.length === SALT_BYTES
    ? { index: number, salt: bytes }
    : undefined;
};

/** The text of an attribute in DynamoDB's own JSON. */
export const textOf = (attribute: unknown): string | undefined =>
  isObject(attribute) && typeof attribute.S === "string" ? attribute.S : undefined;

/** The number of an attribute in DynamoDB's own JSON. */
export const numberOf = (attribute: unknown): number | undefined => {
  if (!isObject(attribute) || typeof attribute.N !== "string") return undefined;
  const number = Number(attribute.N);
  return Number.isFinite(number) ? number : undefined;
};

/** The members of a list in DynamoDB's own JSON. */
export const listOf = (attribute: unknown): readonly unknown[] =>
  isObject(attribute) && Array.isArray(attribute.L) ? attribute.L : [];

/**
 * Reads a line of either form: of `records.jsonl`, or of DynamoDB's own export, whose receipts must be known already;
 * undefined for an item of another log.
 * @throws HomeError `LogInvalid`
 */
export const parseAnyLine = (
  line: string,
  tableExport: TableExport | undefined,
): ExportedRecord | undefined => {
  const value = parseLine(line);
  if (value.Item === undefined) return recordOf(value);
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
  const { Item: item } = value;
  if (!isObject(item)) throw logInvalid("its Item is none.");
  if (tableExport === undefined) throw logInvalid("it needs receipts.");
  if (!tableExport.belongs(keysOf(item).partition ?? "")) return undefined;
  return { item, receipts: tableExport.receipts.of(item) };
};

/** What DynamoDB's own export of the audit table does not say of its items. */
export interface TableExport {
  readonly receipts: Receipts;
  /** Are the records of this partition in the log? The table has all homes' records. */
  readonly belongs: (partition: string) => boolean;
}

const parseLine = (line: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw logInvalid("it is not JSON.", cause);
  }
  if (!isObject(value)) throw logInvalid("it is not an object.");
  return value;
};

const isIndex = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
