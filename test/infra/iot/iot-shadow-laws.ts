import fc from "fast-check";
import { applyShadowUpdate } from "#local/iot/shadows/apply-shadow-update.ts";
import { documentView, type ShadowDocument } from "#local/iot/shadows/shadow-document.ts";
import { parseShadowUpdate } from "#local/iot/shadows/shadow-request.ts";
import { isObject, type Json, type JsonObject } from "#local/wire/json.ts";

// Few names and few values, so that patches meet each other often.
const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor", "timestamp");
const leaf = fc.constantFrom<Json>(0, 1, -1.5, "", "x", true, false, [], [1, 2], [{ a: 1 }], [[1]]);
const tree = (withNull: boolean): fc.Arbitrary<JsonObject> =>
  fc.letrec<{ node: Json; object: JsonObject }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", maxDepth: 4 },
      withNull ? fc.oneof(leaf, fc.constant(null)) : leaf,
      tie("object"),
    ),
    object: fc
      .uniqueArray(fc.tuple(key, tie("node")), { selector: ([name]) => name, maxLength: 3 })
      .map((members) => Object.fromEntries(members)),
  })).object;
const section = fc.option(fc.oneof(tree(true), fc.constant(null)), { nil: undefined });
const state = fc.oneof(
  { weight: 20, arbitrary: fc.record({ desired: section, reported: section }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** Any sequence of updates. */
export const updates = fc.array(state, { minLength: 1, maxLength: 12 });

export interface Applied {
  readonly before: ShadowDocument | undefined;
  readonly patch: unknown;
  readonly after: ShadowDocument;
  readonly documents: JsonObject;
  readonly delta: JsonObject | undefined;
  readonly nowSeconds: number;
}

/** Carries updates out as the service does: through bytes. Refused ones leave no trace. */
export const applyAll = (patches: readonly unknown[]): readonly Applied[] => {
  const applied: Applied[] = [];
  let document: ShadowDocument | undefined;
  let nowSeconds = 1_700_000_000;
  for (const patch of patches) {
    nowSeconds += 10;
    const parsed = parseShadowUpdate(Buffer.from(JSON.stringify({ state: patch })));
    if ("rejection" in parsed) continue;
    const outcome = applyShadowUpdate(document, parsed.request, nowSeconds);
    if ("rejection" in outcome) continue;
    applied.push({
      before: document,
      patch,
      after: outcome.document,
      documents: outcome.documents,
      delta: outcome.delta,
      nowSeconds,
    });
    document = outcome.document;
  }
  return applied;
};

/** Each leaf of a value by its path; an empty object and an array are leaves. */
export const leaves = (value: Json | undefined, path = ""): ReadonlyMap<string, string> => {
  if (!isObject(value)) return new Map(value === undefined ? [] : [[path, JSON.stringify(value)]]);
  const keys = Object.keys(value);
  if (keys.length === 0) return new Map([[path, "{}"]]);
  return new Map(
    Object.entries(value).flatMap(([name, child]) => [
      ...leaves(child, `${path}/${JSON.stringify(name)}`),
    ]),
  );
};

/** Whether everything desired is reported: said without the code under test, leaf by leaf. */
export const isReported = ({ state: { desired, reported } }: ShadowDocument): boolean => {
  if (desired === undefined) return true;
  const actual = leaves(reported ?? {});
  return [...leaves(desired)].every(([path, wanted]) =>
    wanted === "{}"
      ? [...actual].some(
          ([other, value]) => other.startsWith(`${path}/`) || (other === path && value === "{}"),
        )
      : canonical(actual.get(path)) === canonical(wanted),
  );
};

const canonical = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : JSON.stringify(JSON.parse(text));

/** The laws, each with what it says of one applied update. */
export const laws: readonly {
  readonly name: string;
  readonly holds: (update: Applied) => boolean;
}[] = [
  {
    name: "the version grows by one",
    holds: ({ before, after }) => after.version === (before?.version ?? 0) + 1,
  },
  {
    name: "documents.previous is the last current",
    holds: ({ before, documents }) =>
      JSON.stringify(documents.previous) ===
      (before === undefined ? "null" : JSON.stringify(documentView(before))),
  },
  {
    name: "there is a delta exactly when something desired is not reported",
    holds: ({ after, delta }) => (delta === undefined) === isReported(after),
  },
  {
    name: "reporting the delta leaves none",
    holds: ({ after, delta, nowSeconds }) => {
      if (delta === undefined) return true;
      const body = JSON.stringify({ state: { reported: delta.state } });
      const parsed = parseShadowUpdate(Buffer.from(body));
      if ("rejection" in parsed) return false;
      const outcome = applyShadowUpdate(after, parsed.request, nowSeconds);
      return "document" in outcome && outcome.delta === undefined;
    },
  },
  {
    name: "no null is stored",
    holds: ({ after }) => !JSON.stringify(after.state).includes("null"),
  },
  {
    name: "an empty section is absent",
    holds: ({ after: { state: kept } }) =>
      [kept.desired, kept.reported].every(
        (each) => each === undefined || Object.keys(each).length > 0,
      ),
  },
  {
    name: "the times have the shape of the state",
    holds: ({ after: { state: kept, metadata } }) =>
      sameShape(kept.desired, metadata.desired) && sameShape(kept.reported, metadata.reported),
  },
  {
    name: "what the patch does not name keeps its value and its time",
    holds: ({ before, patch, after }) => {
      if (before === undefined || patch === null) return true;
      const named = (patch ?? {}) as Readonly<Record<string, Json>>;
      return (["desired", "reported"] as const).every((name) => {
        const old = before.state[name];
        const change = named[name];
        if (old === undefined || change === null) return true;
        const changed = isObject(change) ? Object.keys(change) : [];
        return Object.keys(old)
          .filter((each) => !changed.includes(each))
          .every(
            (each) =>
              own(old, each) === own(after.state[name], each) &&
              own(before.metadata[name], each) === own(after.metadata[name], each),
          );
      });
    },
  },
  {
    name: "the same patch again changes the version, and nothing else of the state",
    holds: ({ patch, after, nowSeconds }) => {
      const parsed = parseShadowUpdate(Buffer.from(JSON.stringify({ state: patch })));
      if ("rejection" in parsed) return false;
      const again = applyShadowUpdate(after, parsed.request, nowSeconds + 10);
      return (
        "document" in again && JSON.stringify(again.document.state) === JSON.stringify(after.state)
      );
    },
  },
];

const own = (object: JsonObject | undefined, name: string): string | undefined =>
  object !== undefined && Object.hasOwn(object, name) ? JSON.stringify(object[name]) : undefined;

const sameShape = (value: Json | undefined, times: Json | undefined): boolean => {
  if (value === undefined) return times === undefined;
  if (Array.isArray(value)) {
    return (
      Array.isArray(times) &&
      value.length === times.length &&
      value.every((item: Json, index) => sameShape(item, (times as readonly Json[])[index]))
    );
  }
  if (!isObject(times)) return false;
  if (!isObject(value)) return typeof times.timestamp === "number";
  const names = Object.keys(value);
  return (
    names.length === Object.keys(times).length &&
    names.every((name) => Object.hasOwn(times, name) && sameShape(value[name], times[name]))
  );
};
