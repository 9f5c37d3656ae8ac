// One value can hold another many times over: 30 times [$a, $a] is a value of a thousand million leaves that takes no memory
// until somebody writes it out or compares it, in one step that nothing can stop.

const weights = new WeakMap<object, number>();
// A value that comes from outside is a tree of at most 256 KiB; beyond this its size does not matter here.
const MAX_COUNTED = 4_096;

/** About how many values there are in a value, each counted as often as it is held. */
export const weightOf = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 1;
  const known = weights.get(value);
  if (known !== undefined) return known;
  const weight = countUpTo(value, MAX_COUNTED);
  weights.set(value, weight);
  return weight;
};

/** Weighs what a step has just put together from values that were weighed before. */
export const weigh = (value: object): number => {
  const known = weights.get(value);
  if (known !== undefined) return known;
  let weight = 1;
  // A list that is mutated later by the engine is weighed as it was handed on first.
  if (Array.isArray(value)) for (const item of value) weight += weightOf(item);
  else if (isPlain(value)) for (const item of Object.values(value)) weight += weightOf(item);
  weights.set(value, weight);
  return weight;
};

const isPlain = (value: object): boolean =>
  !("_jsonata_lambda" in value || "_jsonata_function" in value);

const countUpTo = (value: unknown, max: number): number => {
  if (typeof value !== "object" || value === null) return 1;
  // What was weighed before may be large: it is not counted again.
  const known = weights.get(value);
  if (known !== undefined) return known;
  if (!isPlain(value)) return 1;
  let count = 1;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (count >= max) break;
    count += countUpTo(item, max - count);
  }
  return count;
};
