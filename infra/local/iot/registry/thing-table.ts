import { randomUUID } from "node:crypto";
import { isObject, type Json } from "#local/wire/json.ts";
import type { Database, Row } from "../database/database.ts";
import { revisedWrites } from "../database/revised-writes.ts";

/** A thing of the registry. It has nothing to do with the shadow of the same name. */
export interface Thing {
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The registry on disk. */
export interface ThingTable {
  get(name: string): Thing | undefined;
  create(name: string, attributes: Readonly<Record<string, string>>): Thing;
  remove(name: string): void;
  page(after: string, limit: number): readonly Thing[];
  /** Grows with every change. */
  revision(): number;
}

export const thingTable = (database: Database): ThingTable => {
  const columns = "SELECT name, id, version, attributes FROM thing";
  const one = database.prepare(`${columns} WHERE name = ?`);
  const some = database.prepare(`${columns} WHERE name > ? ORDER BY name LIMIT ?`);
  const insert = database.prepare(
    "INSERT INTO thing (name, id, version, attributes) VALUES (?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM thing WHERE name = ?");
  const { write, revision } = revisedWrites(database);
  return {
    get: (name) => database.rows(one, name).map(parseRow)[0],
    create: (name, attributes) => {
      const thing = { name, id: randomUUID(), version: 1, attributes };
      write(insert, name, thing.id, thing.version, JSON.stringify(attributes));
      return thing;
    },
    remove: (name) => write(remove, name),
    page: (after, limit) => database.rows(some, after, limit).map(parseRow),
    revision,
  };
};

const parseRow = (row: Row): Thing => ({
  name: String(row.name),
  id: String(row.id),
  version: Number(row.version),
  attributes: parseAttributes(JSON.parse(String(row.attributes)) as Json),
});

/** The attributes of a thing, which are texts. */
export const parseAttributes = (value: Json | undefined): Readonly<Record<string, string>> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter(
          (entry): entry is [string, string] => typeof entry[1] === "string",
        ),
      )
    : {};
