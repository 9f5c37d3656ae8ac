// Quota of Step Functions: the output of a state holds at most 262,144 bytes, of which the receipt takes a few.
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const MOST_BYTES = 262_144 - 256;
// {"S":"sha256:…"} with 64 digits, and a comma.
const BYTES_OF_HASH = 80;

/**
 * Of the hashes of the records that a run was judged by, as many as the conclusion has room for, which takes `bytes`
 * without them. All of them, but for the longest names of some two hundred devices.
 */
export const judgedByThatFit = (hashes: readonly string[], bytes: number): readonly string[] =>
  hashes.slice(0, Math.max(0, Math.floor((MOST_BYTES - bytes) / BYTES_OF_HASH)));
