import { isObject, type JsonObject } from "#local/wire/json.ts";
import type { Database } from "../database/database.ts";
import { member } from "../messages/json.ts";
import type { ShadowDocument, ShadowSections, ShadowTombstone } from "./shadow-document.ts";
import type { ShadowId } from "./shadow-topic.ts";

/** A shadow's row: the document, or what a deleted one left behind. */
export interface StoredShadow {
  readonly document?: ShadowDocument;
  /** The document's JSON. */
  readonly text?: string;
  readonly tombstone?: ShadowTombstone;
}

/** The shadows on disk, and the recent ones in memory. */
export interface ShadowTable {
  /** To be read at once: the next put writes over it. */
  get(id: ShadowId): StoredShadow;
  put(id: ShadowId, document: ShadowDocument, text: string): void;
  remove(id: ShadowId, tombstone: ShadowTombstone): void;
  /** Names of a thing's named shadows after `after`, in order; one more than the page tells that there are more. */
  names(thing: string, after: string, limit: number): readonly string[];
}

interface Remembered extends StoredShadow {
  document?: ShadowDocument;
  text?: string;
}

// About 2 KB each; a home has a few hundred shadows, a fuzzer millions.
const REMEMBERED = 5_000;

export const shadowTable = (database: Database): ShadowTable => {
  const select = database.prepare(
    "SELECT version, deleted_at, document FROM shadow WHERE thing = ? AND name = ?",
  );
  const upsert = database.prepare(
    `INSERT INTO shadow (thing, name, version, deleted_at, document) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (thing, name) DO UPDATE SET
       version = excluded.version, deleted_at = excluded.deleted_at, document = excluded.document`,
  );
  const list = database.prepare(
    "SELECT name FROM shadow WHERE thing = ? AND name > ? AND deleted_at IS NULL ORDER BY name LIMIT ?",
  );
  const recent = new Map<string, Remembered>();
  database.onRollback(() => recent.clear());

  const remember = (key: string, shadow: Remembered): void => {
    if (recent.size >= REMEMBERED) {
      const [oldest] = recent.keys();
      if (oldest !== undefined) recent.delete(oldest);
    }
    recent.set(key, shadow);
  };

  return {
    get: (id) => {
      const key = keyOf(id);
      const known = recent.get(key);
      if (known !== undefined) return known;
      const [row] = database.rows(select, id.thing, id.shadow ?? "");
      const shadow = row === undefined ? {} : parseRow(row);
      remember(key, shadow);
      return shadow;
    },
    put: (id, document, text) => {
      const key = keyOf(id);
      const known = recent.get(key);
      // Written over, not replaced: V8 sees that such objects live long and makes the next ones in old space, where each
      // would keep its dead document until the next full garbage collection. That was a fifth of an update's cost.
      if (known?.document === undefined) {
        remember(key, { document, text });
      } else {
        known.document = document;
        known.text = text;
      }
      database.write(upsert, id.thing, id.shadow ?? "", document.version, null, text);
    },
    remove: (id, tombstone) => {
      remember(keyOf(id), { tombstone });
      const { version, deletedAtSeconds } = tombstone;
      database.write(upsert, id.thing, id.shadow ?? "", version, deletedAtSeconds, null);
    },
    names: (thing, after, limit) =>
      database.rows(list, thing, after, limit).map((row) => String(row.name)),
  };
};

const keyOf = (id: ShadowId): string => `${id.thing}/${id.shadow ?? ""}`;

const parseRow = (row: Readonly<Record<string, unknown>>): StoredShadow => {
  const version = Number(row.version);
  if (typeof row.document !== "string") {
    return { tombstone: { version, deletedAtSeconds: Number(row.deleted_at) } };
  }
  const stored: unknown = JSON.parse(row.document);
  const document = stored as JsonObject;
  return {
    document: {
      state: parseSections(member(document, "state")),
      metadata: parseSections(member(document, "metadata")),
      version,
    },
    text: row.document,
  };
};

const parseSections = (value: ReturnType<typeof member>): ShadowSections => {
  if (!isObject(value)) return {};
  const desired = member(value, "desired");
  const reported = member(value, "reported");
  return {
    ...(isObject(desired) ? { desired } : {}),
    ...(isObject(reported) ? { reported } : {}),
  };
};
