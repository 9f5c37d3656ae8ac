import { indexDb, itemDb } from "./dynalite-db.ts";
import type {
  AttributeMap,
  DynaliteAction,
  DynaliteRequest,
  DynaliteStore,
  DynaliteTable,
} from "./dynalite-types.ts";
import { fromDynalite, tableNotFound } from "./dynamo-error.ts";
import type { Store, Table } from "./store.ts";

/** dynalite's view of the store for checks that need no table. */
export const CHECKING_STORE: DynaliteStore = {
  options: { maxItemSize: 400 * 1024 },
  getTable: (_name, check, done) => (typeof check === "function" ? check : done)?.(tableNotFound()),
  getItemDb: () => {
    throw new Error("dynalite read an item while it checked a request");
  },
  getIndexDb: () => {
    throw new Error("dynalite read an index while it checked a request");
  },
};

/**
 * Runs an action of dynalite on our store, within one turn of the event loop: everything that it calls answers at once,
 * so that nothing can come between, and a SQLite transaction can be put around it.
 * @throws AwsError as AWS answers; `onRead` is told each item that was read for a condition.
 */
export const runDynalite = (
  action: DynaliteAction,
  store: Store,
  data: DynaliteRequest,
  onRead?: (item: AttributeMap | undefined) => void,
): Record<string, unknown> => {
  const streams: (() => void)[] = [];
  const dynaliteStore: DynaliteStore = {
    options: CHECKING_STORE.options,
    getTable: (name, check, done) => {
      const answer = typeof check === "function" ? check : done;
      const table = store.table(name);
      if (table === undefined) answer?.(tableNotFound());
      else answer?.(undefined, seenBy(data, table.description));
    },
    getItemDb: (name) => itemDb(store, tableOf(store, name), streams, onRead),
    getIndexDb: (kind, name, index) =>
      indexDb(store, tableOf(store, name), index, data, streams, {
        whole: kind === "local" && wholeItemsOfLocalIndex(data),
      }),
  };
  let answered: { error?: unknown; result?: Record<string, unknown> } | undefined;
  try {
    action(dynaliteStore, data, (error, result) => {
      answered ??= { error, ...(result === undefined ? {} : { result }) };
    });
    for (const run of streams) run();
  } catch (error) {
    throw fromDynalite(error);
  }
  if (answered === undefined) throw new Error("dynalite did not answer at once");
  if (answered.error) throw fromDynalite(answered.error);
  return answered.result ?? {};
};

const tableOf = (store: Store, name: string): Table => {
  const table = store.table(name);
  if (table === undefined) throw tableNotFound();
  return table;
};

/** A local index gives whole items where they are asked for; dynalite would fetch them one by one, and not at once. */
const wholeItemsOfLocalIndex = (data: DynaliteRequest): boolean =>
  data.Select === "ALL_ATTRIBUTES" ||
  data.ProjectionExpression !== undefined ||
  data.AttributesToGet !== undefined;

const seenBy = (data: DynaliteRequest, table: DynaliteTable): DynaliteTable =>
  table.LocalSecondaryIndexes === undefined ||
  data.IndexName === undefined ||
  !wholeItemsOfLocalIndex(data)
    ? table
    : {
        ...table,
        LocalSecondaryIndexes: table.LocalSecondaryIndexes.map((index) => ({
          ...index,
          Projection: { ProjectionType: "ALL" },
        })),
      };
