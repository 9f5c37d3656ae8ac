import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqlOf } from "#local/dynamodb/store/sql.ts";
import { turnsOf } from "#local/dynamodb/store/turn.ts";

let directory: string;
let db: DatabaseSync;
let kept: boolean[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "turn-"));
  db = new DatabaseSync(join(directory, "turn.sqlite"));
  db.exec("PRAGMA journal_mode = WAL; CREATE TABLE items (name TEXT PRIMARY KEY)");
  kept = [];
});
afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

const openTurns = () =>
  turnsOf(
    db,
    sqlOf(db),
    (isKept) => kept.push(isKept),
    () => undefined,
  );
const insert = (name: string) => db.prepare("INSERT INTO items VALUES (?)").run(name);
/** What somebody else sees: what is on disk. */
const stored = (): readonly unknown[] => {
  const other = new DatabaseSync(join(directory, "turn.sqlite"), { readOnly: true });
  try {
    return other
      .prepare("SELECT name FROM items ORDER BY name")
      .all()
      .map(({ name }) => name);
  } finally {
    other.close();
  }
};

test("what is written in one turn is on disk together, when it is settled and not before", async () => {
  const turns = openTurns();

  turns.transaction(() => insert("one"));
  turns.transaction(() => insert("two"));
  const before = stored();
  await turns.settled();

  expect(before).toEqual([]);
  expect(stored()).toEqual(["one", "two"]);
  expect(kept).toEqual([true, true]);
  expect(turns.settled()).toBeUndefined();
});

test("of a request that fails nothing is kept, and all of the others in its turn", async () => {
  const turns = openTurns();

  turns.transaction(() => insert("one"));
  expect(() =>
    turns.transaction(() => {
      insert("half");
      throw new Error("refused");
    }),
  ).toThrow("refused");
  turns.transaction(() => insert("two"));
  await turns.settled();

  expect(stored()).toEqual(["one", "two"]);
  expect(kept).toEqual([true, false, true]);
});

test("a turn that cannot be kept is told to everybody who wrote in it, and the next one is whole", async () => {
  const turns = openTurns();
  // As a disk that is full: SQLite gives the whole transaction up.
  turns.transaction(() => insert("one"));
  const settled = turns.settled();
  expect(() =>
    turns.transaction(() => {
      insert("two");
      db.exec("ROLLBACK");
      throw new Error("database or disk is full");
    }),
  ).toThrow("disk is full");

  expect(() => turns.transaction(() => insert("three"))).toThrow("disk is full");
  await expect(settled).rejects.toThrow("disk is full");
  turns.transaction(() => insert("four"));
  await turns.settled();

  expect(stored()).toEqual(["four"]);
});

test("a turn that is ended by hand is over, and its own end later ends no other", async () => {
  const turns = openTurns();

  turns.transaction(() => insert("one"));
  turns.commit();
  const after = stored();
  turns.transaction(() => insert("two"));
  const second = turns.settled();

  expect(after).toEqual(["one"]);
  await second;
  expect(stored()).toEqual(["one", "two"]);
});

test("a write that fails takes its turn with it, at once and for everybody who wrote in it", async () => {
  const turns = openTurns();
  turns.write(() => insert("one"));
  const settled = turns.settled();

  expect(() =>
    turns.write(() => {
      insert("half");
      throw new Error("database disk image is malformed");
    }),
  ).toThrow("malformed");

  expect(db.prepare("SELECT name FROM items").all()).toEqual([]);
  expect(() => turns.write(() => insert("two"))).toThrow("malformed");
  await expect(settled).rejects.toThrow("malformed");
  turns.write(() => insert("three"));
  await turns.settled();
  expect(stored()).toEqual(["three"]);
});
