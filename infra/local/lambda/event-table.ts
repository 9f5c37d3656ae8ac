import type { SQLOutputValue } from "node:sqlite";
import { openSqlite } from "#local/wire/open-sqlite.ts";
import type { Invocation } from "./function-description.ts";

/** Why an event was given up. */
export interface GivenUp {
  readonly condition: "RetriesExhausted" | "EventAgeExceeded";
  /** What the last try answered, as JSON; absent where there was none. */
  readonly response?: string;
}

/** An event that was accepted and is not done. */
export interface WaitingEvent {
  readonly id: number;
  readonly functionName: string;
  readonly invocation: Invocation;
  readonly acceptedMs: number;
  readonly dueMs: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** What is left to do is its record for the destination. */
  readonly givenUp?: GivenUp;
}

/** The accepted events on disk. */
export interface EventTable {
  add(event: Omit<WaitingEvent, "id" | "givenUp">): WaitingEvent;
  update(event: WaitingEvent): void;
  remove(id: number): void;
  /** All, the one that is due first before the others: what an earlier process left. */
  all(): readonly WaitingEvent[];
  close(): void;
}

const FIRST = `
create table event (
  id integer primary key autoincrement, function_name text not null, request_id text not null, payload blob not null,
  trace_id text not null, client_context text, accepted_ms integer not null, due_ms integer not null,
  attempts integer not null, given_up text
) strict;
`;

/** @throws LocalError as `openSqlite` does */
export const openEventTable = (file: string): EventTable => {
  const database = openSqlite(file, {
    content: "The events that functions have yet to handle",
    fresh: "none",
    application: "SHev",
    migrations: [(db) => db.exec(FIRST)],
  });
  const insert = database.prepare(
    `insert into event (function_name, request_id, payload, trace_id, client_context, accepted_ms, due_ms, attempts)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    "update event set due_ms = ?, attempts = ?, given_up = ? where id = ?",
  );
  const remove = database.prepare("delete from event where id = ?");
  const all = database.prepare("select * from event order by due_ms, id");
  return {
    add: (event) => {
      const { functionName, invocation, acceptedMs, dueMs, attempts } = event;
      const { requestId, payload, traceId, clientContext } = invocation;
      const { lastInsertRowid } = insert.run(
        functionName,
        requestId,
        payload,
        traceId,
        clientContext ?? null,
        acceptedMs,
        dueMs,
        attempts,
      );
      return { ...event, id: Number(lastInsertRowid) };
    },
    update: ({ id, dueMs, attempts, givenUp }) => {
      update.run(dueMs, attempts, givenUp === undefined ? null : JSON.stringify(givenUp), id);
    },
    remove: (id) => {
      remove.run(id);
    },
    all: () => all.all().map(parseRow),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

const parseRow = (row: Readonly<Record<string, SQLOutputValue>>): WaitingEvent => ({
  id: Number(row.id),
  functionName: String(row.function_name),
  invocation: {
    requestId: String(row.request_id),
    payload: row.payload instanceof Uint8Array ? Buffer.from(row.payload) : Buffer.alloc(0),
    traceId: String(row.trace_id),
    tail: false,
    ...(row.client_context === null ? {} : { clientContext: String(row.client_context) }),
  },
  acceptedMs: Number(row.accepted_ms),
  dueMs: Number(row.due_ms),
  attempts: Number(row.attempts),
  // Written by this program alone.
  ...(row.given_up === null ? {} : { givenUp: JSON.parse(String(row.given_up)) as GivenUp }),
});
