// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html#document-shadow-empty-fields
import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { type JsonBuilder, member, setMember } from "../messages/json.ts";

/** One section's state and the time of each of its leaves, in the same shape. */
export interface TimedSection {
  readonly state: JsonObject;
  readonly metadata: JsonObject;
}

/** The metadata of a value written now: `{"timestamp": s}` for each leaf and each item of an array. */
export const stamp = (value: Json, nowSeconds: number): Json =>
  stampWith(value, { timestamp: nowSeconds });

/**
 * Merges a patch into a section: objects merge, everything else replaces, null deletes.
 * What the patch does not name keeps its value and its time.
 */
export const mergeSection = (
  section: TimedSection | undefined,
  patch: JsonObject,
  nowSeconds: number,
): TimedSection => mergeWith(section, patch, { timestamp: nowSeconds });

// The leaves of one update share their time: one object each would be most of what the garbage collector has to copy.
const stampWith = (value: Json, time: JsonObject): Json => {
  if (isArray(value)) return value.map((item) => stampWith(item, time));
  if (!isObject(value)) return time;
  const times: JsonBuilder = {};
  for (const key of Object.keys(value)) {
    const child = member(value, key);
    if (child !== undefined) setMember(times, key, stampWith(child, time));
  }
  return times;
};

const mergeWith = (
  section: TimedSection | undefined,
  patch: JsonObject,
  time: JsonObject,
): TimedSection => {
  const state: JsonBuilder = { ...section?.state };
  const metadata: JsonBuilder = { ...section?.metadata };
  for (const key of Object.keys(patch)) {
    const wanted = member(patch, key);
    if (wanted === undefined) continue;
    const present = member(state, key);
    if (isObject(wanted) && isObject(present)) {
      const times = member(metadata, key);
      const merged = mergeWith(
        { state: present, metadata: isObject(times) ? times : {} },
        wanted,
        time,
      );
      setMember(state, key, merged.state);
      setMember(metadata, key, merged.metadata);
      continue;
    }
    const kept = withoutNulls(wanted);
    if (kept === undefined) {
      delete state[key];
      delete metadata[key];
    } else {
      setMember(state, key, kept);
      setMember(metadata, key, stampWith(kept, time));
    }
  }
  return { state, metadata };
};

/** A new value as it is stored: an object of nothing but nulls is nothing; an empty object stays. */
const withoutNulls = (value: Json): Json | undefined => {
  if (value === null) return undefined;
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const kept: JsonBuilder = {};
  for (const key of keys) {
    const child = member(value, key);
    const keptChild = child === undefined ? undefined : withoutNulls(child);
    if (keptChild !== undefined) setMember(kept, key, keptChild);
  }
  return keys.length > 0 && Object.keys(kept).length === 0 ? undefined : kept;
};
