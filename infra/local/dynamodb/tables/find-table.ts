import { tableNotFound } from "../store/dynamo-error.ts";
import type { Store, Table } from "../store/store.ts";

/** @throws AwsError `ResourceNotFoundException` naming the table. */
export const findTable = (store: Store, name: string): Table => {
  const table = store.table(name);
  if (table === undefined) throw tableNotFound(name);
  return table;
};
