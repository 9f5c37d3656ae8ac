import { ACKNOWLEDGEMENT_PREFIX, OUTCOME_KEY, REQUEST_KEY } from "#domain/home/keys.ts";
import type { LeafKind } from "./leaf.ts";

/**
 * What the log says of a record: the word for its family, by its keys alone. A record of a family that has no word here
 * is sealed all the same, as `record`.
 */
export const kindOfRecord = (partition: string, sort: string): LeafKind => {
  const [whose, , family] = partition.split("#");
  // What is no home's: looks at all homes at once, refused calls, who looks after all homes, the stack's own log.
  if (whose === "FLEET") return "look";
  if (whose === "REFUSED") return "refusal";
  if (whose === "CHANGE") return "change";
  if (whose === "RETENTION") return "retention";
  if (isOfRun(partition)) {
    if (sort.startsWith(ACKNOWLEDGEMENT_PREFIX)) return "acknowledgement";
    return sort === REQUEST_KEY ? "request" : sort === OUTCOME_KEY ? "outcome" : "record";
  }
  return FAMILIES.get(family ?? "") ?? "record";
};

/** Is what has this partition's key a record of a run? */
export const isOfRun = (partition: string): boolean => partition.split("#")[2] === "RUN";

const FAMILIES: ReadonlyMap<string, LeafKind> = new Map([
  ["ACCESS", "look"],
  ["CHANGE", "change"],
  ["SCHEDULE", "schedule"],
  ["ERASURE", "erasure"],
  ["RETENTION", "retention"],
  ["KEY", "key"],
]);
