/** What may stand where a record's format number does and is none that this version knows, and how it is shown. */
export const UNKNOWN_FORMATS: readonly (readonly [unknown, string])[] = [
  [2, "2"],
  [0, "0"],
  [-1, "-1"],
  [1.5, "1.5"],
  ["1", '"1"'],
  [null, "null"],
  [true, "true"],
  [[1], "[1]"],
  [{}, "{}"],
];
