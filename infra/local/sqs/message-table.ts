import { randomUUID } from "node:crypto";
import type { SQLOutputValue } from "node:sqlite";
import { openSqlite } from "#local/wire/open-sqlite.ts";
import { type MessageAttribute, parseStored } from "./message-attributes.ts";

/** A message as it is kept. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: ReadonlyMap<string, MessageAttribute>;
  readonly senderId: string;
  readonly sentMs: number;
  readonly receiveCount: number;
  readonly firstReceivedMs: number;
  /** Of its last receipt. */
  readonly receiptHandle: string;
}

export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** The messages of all queues on disk. */
export interface MessageTable {
  add(
    queue: string,
    message: Pick<Message, "id" | "body" | "attributes" | "senderId" | "sentMs">,
    visibleMs: number,
  ): void;
  /** Takes up to so many that are visible, the oldest first, and hides them for a while. None after the end. */
  receive(queue: string, asked: ReceiveAsked): readonly Message[];
  /** False for a handle that no message has any more. */
  remove(queue: string, receiptHandle: string): boolean;
  /** False for a handle of no message that is in flight. */
  hide(queue: string, receiptHandle: string, nowMs: number, visibleMs: number): boolean;
  purge(queue: string): void;
  count(queue: string, nowMs: number): MessageCounts;
  /** Forgets what was sent before an instant. */
  expire(queue: string, beforeMs: number): void;
  close(): void;
}

export interface ReceiveAsked {
  readonly most: number;
  readonly nowMs: number;
  readonly visibleAgainMs: number;
}

const FIRST = `
create table message (
  position integer primary key autoincrement, queue text not null, id text not null, body text not null,
  attributes text not null, sender_id text not null, sent_ms integer not null, visible_ms integer not null,
  receive_count integer not null, first_received_ms integer, receipt_handle text
) strict;
create index message_by_visibility on message (queue, visible_ms, position);
create index message_by_receipt on message (receipt_handle) where receipt_handle is not null;
`;

/** @throws LocalError as `openSqlite` does */
export const openMessageTable = (file: string): MessageTable => {
  const database = openSqlite(file, {
    content: "The queues' messages",
    fresh: "empty queues",
    application: "SHsq",
    migrations: [(db) => db.exec(FIRST)],
  });
  const insert = database.prepare(
    `insert into message (queue, id, body, attributes, sender_id, sent_ms, visible_ms, receive_count)
       values (?, ?, ?, ?, ?, ?, ?, 0)`,
  );
  const visible = database.prepare(
    "select position from message where queue = ? and visible_ms <= ? order by position limit ?",
  );
  const take = database.prepare(
    `update message set receive_count = receive_count + 1, visible_ms = ?, receipt_handle = ?,
       first_received_ms = coalesce(first_received_ms, ?) where position = ? returning *`,
  );
  const remove = database.prepare("delete from message where queue = ? and receipt_handle = ?");
  const hide = database.prepare(
    "update message set visible_ms = ? where queue = ? and receipt_handle = ? and visible_ms > ?",
  );
  const purge = database.prepare("delete from message where queue = ?");
  const expire = database.prepare("delete from message where queue = ? and sent_ms < ?");
  const count = database.prepare(
    `select count(*) filter (where visible_ms <= :now) as visible,
       count(*) filter (where visible_ms > :now and receive_count > 0) as in_flight,
       count(*) filter (where visible_ms > :now and receive_count = 0) as delayed
     from message where queue = :queue`,
  );
  return {
    add: (queue, { id, body, attributes, senderId, sentMs }, visibleMs) => {
      const written = JSON.stringify([...attributes]);
      insert.run(queue, id, body, written, senderId, sentMs, visibleMs);
    },
    // Each is taken by a statement of its own: what was taken when the process dies is visible again after its time.
    receive: (queue, { most, nowMs, visibleAgainMs }) =>
      (database.isOpen ? visible.all(queue, nowMs, most) : []).flatMap(({ position }) =>
        take.all(visibleAgainMs, randomUUID(), nowMs, Number(position)).map(parseRow),
      ),
    remove: (queue, receiptHandle) => remove.run(queue, receiptHandle).changes > 0,
    hide: (queue, receiptHandle, nowMs, visibleMs) =>
      hide.run(visibleMs, queue, receiptHandle, nowMs).changes > 0,
    purge: (queue) => {
      purge.run(queue);
    },
    count: (queue, nowMs) => {
      const row = count.get({ ":now": nowMs, ":queue": queue });
      return {
        visible: Number(row?.visible),
        inFlight: Number(row?.in_flight),
        delayed: Number(row?.delayed),
      };
    },
    expire: (queue, beforeMs) => {
      if (database.isOpen) expire.run(queue, beforeMs);
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

const parseRow = (row: Readonly<Record<string, SQLOutputValue>>): Message => ({
  id: String(row.id),
  body: String(row.body),
  attributes: parseStored(String(row.attributes)),
  senderId: String(row.sender_id),
  sentMs: Number(row.sent_ms),
  receiveCount: Number(row.receive_count),
  firstReceivedMs: Number(row.first_received_ms),
  receiptHandle: String(row.receipt_handle),
});
