import type { AttributeMap } from "../store/dynalite-types.ts";

/** The attributes of these names, which are keys that each item has, of items as they are stored; in the order of each item. */
export function* keysIn(rows: Iterable<string>, names: readonly string[]): Generator<string> {
  // Without the first quotation mark, of which a text has too many to look for.
  const ends = names.map((name) => `${JSON.stringify(name).slice(1)}:`);
  for (const json of rows) yield keysInText(json, ends) ?? keysOfItem(json, names);
}

/** Finds the keys without reading the item, which costs more than all else; undefined where more is called as one of them. */
const keysInText = (json: string, ends: readonly string[]): string | undefined => {
  const found: { readonly from: number; readonly to: number }[] = [];
  for (const end of ends) {
    // What stands there once is the item's own: an item of an index has all of its keys.
    const at = json.indexOf(end);
    KEY_VALUE.lastIndex = at + end.length;
    if (!KEY_VALUE.test(json) || json.includes(end, KEY_VALUE.lastIndex)) return undefined;
    found.push({ from: at - 1, to: KEY_VALUE.lastIndex });
  }
  found.sort((one, other) => one.from - other.from);
  return `{${found.map(({ from, to }) => json.slice(from, to)).join(",")}}`;
};

const keysOfItem = (json: string, names: readonly string[]): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(JSON.parse(json) as AttributeMap).filter(([name]) => names.includes(name)),
    ),
  );

// As it is stored, without white space.
const KEY_VALUE = /\{"[SNB]":"(?:[^"\\]|\\.)*"\}/y;
