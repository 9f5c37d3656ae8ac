import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A statement by its text; each is prepared once. */
export type Sql = (text: string) => StatementSync;

/** The statements of one database. */
export const sqlOf = (db: DatabaseSync): Sql => {
  const statements = new Map<string, StatementSync>();
  return (text) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const statement = db.prepare(text);
    statements.set(text, statement);
    return statement;
  };
};

/** A column's value that can only be a text. */
export const textOf = (value: unknown): string => {
  if (typeof value !== "string") throw new TypeError("SQLite gave no text");
  return value;
};

/** A column's value that can only be a number. */
export const numberOf = (value: unknown): number => {
  if (typeof value !== "number") throw new TypeError("SQLite gave no number");
  return value;
};
