import type { Database } from "./database.ts";

/** Writes that can be counted, so that what was derived from rows is known to be of today. */
export interface RevisedWrites {
  readonly write: Database["write"];
  /** Grows with every change, and when a change was not kept. */
  revision(): number;
}

export const revisedWrites = (database: Database): RevisedWrites => {
  let revision = 0;
  database.onRollback(() => {
    revision += 1;
  });
  return {
    write: (...change) => {
      revision += 1;
      database.write(...change);
    },
    revision: () => revision,
  };
};
