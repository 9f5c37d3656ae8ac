import type { DatabaseSync } from "node:sqlite";
import type { Sql } from "./sql.ts";

/** Everything that is written in one turn of the event loop, in one commit: a commit costs more than most writes. */
export interface Turns {
  /** Everything inside is kept, or nothing of it, whatever becomes of the turn's others. */
  transaction<T>(run: () => T): T;
  /**
   * As `transaction`, for what fails with the file alone: then the whole turn is lost, as it is when the disk is full. Without a
   * savepoint, for which SQLite copies each page that is written, a write costs two thirds.
   */
  write<T>(run: () => T): T;
  /** Kept when all that was written in this turn is on disk; rejects when it could not be. Absent: nothing was written. */
  settled(): Promise<void> | undefined;
  /** Ends the turn at once. @throws what SQLite says when it cannot be kept */
  commit(): void;
}

interface Turn {
  readonly settled: PromiseWithResolvers<void>;
  /** Why nothing of it is kept: SQLite gives a whole transaction up when the disk is full. */
  lost?: unknown;
}

/**
 * The turns of a database; `afterTransaction` is told of each whether what it changed stays. `beforeTurn` is called before each
 * begins, and may write.
 */
export const turnsOf = (
  db: DatabaseSync,
  sql: Sql,
  afterTransaction: (isKept: boolean) => void,
  beforeTurn: () => void,
): Turns => {
  let turn: Turn | undefined;

  const commit = (): void => {
    const ending = turn;
    if (ending === undefined) return;
    turn = undefined;
    try {
      if (Object.hasOwn(ending, "lost")) throw ending.lost;
      sql("COMMIT").run();
      ending.settled.resolve();
    } catch (error) {
      if (db.isTransaction) sql("ROLLBACK").run();
      afterTransaction(false);
      ending.settled.reject(error);
      throw error;
    }
  };

  const begin = (): Turn => {
    beforeTurn();
    sql("BEGIN IMMEDIATE").run();
    const begun: Turn = { settled: Promise.withResolvers() };
    // Who wrote something looks at it; a turn of which nobody does is no reason to end the process.
    begun.settled.promise.catch(() => {});
    turn = begun;
    setImmediate(() => {
      // Another turn may have begun since this one was ended by hand.
      if (turn !== begun) return;
      try {
        commit();
      } catch {
        // Told to each who waits for it.
      }
    });
    return begun;
  };

  const current = (): Turn => {
    const begun = turn ?? begin();
    if (Object.hasOwn(begun, "lost")) throw begun.lost;
    return begun;
  };

  return {
    settled: () => turn?.settled.promise,
    commit,
    write: (run) => {
      const within = current();
      try {
        return run();
      } catch (error) {
        within.lost = error;
        // At once, so that nobody reads half of it.
        if (db.isTransaction) sql("ROLLBACK").run();
        afterTransaction(false);
        throw error;
      }
    },
    transaction: (run) => {
      const within = current();
      sql("SAVEPOINT request").run();
      let isKept = false;
      try {
        const result = run();
        sql("RELEASE request").run();
        isKept = true;
        return result;
      } catch (error) {
        if (db.isTransaction) {
          sql("ROLLBACK TO request").run();
          sql("RELEASE request").run();
        } else within.lost = error;
        throw error;
      } finally {
        afterTransaction(isKept);
      }
    },
  };
};
