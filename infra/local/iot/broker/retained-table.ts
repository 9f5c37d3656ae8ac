import type { Database, Row } from "../database/database.ts";
import { topicMatcher } from "../messages/topic.ts";

/** A message that a topic keeps for whoever subscribes later. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly modifiedMs: number;
}

/** The retained messages on disk. */
export interface RetainedTable {
  /** An empty payload removes. */
  put(message: RetainedMessage): void;
  get(topic: string): RetainedMessage | undefined;
  matching(filter: string): readonly RetainedMessage[];
  /** In the order of topics, those after `after`. */
  page(after: string, limit: number): readonly RetainedMessage[];
}

export const retainedTable = (database: Database): RetainedTable => {
  const columns = "SELECT topic, payload, qos, modified_ms FROM retained";
  const one = database.prepare(`${columns} WHERE topic = ?`);
  const all = database.prepare(`${columns} ORDER BY topic`);
  const some = database.prepare(`${columns} WHERE topic > ? ORDER BY topic LIMIT ?`);
  const upsert = database.prepare(
    `INSERT INTO retained (topic, payload, qos, modified_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (topic) DO UPDATE SET
       payload = excluded.payload, qos = excluded.qos, modified_ms = excluded.modified_ms`,
  );
  const remove = database.prepare("DELETE FROM retained WHERE topic = ?");

  const get = (topic: string): RetainedMessage | undefined =>
    database.rows(one, topic).map(parseRow)[0];

  return {
    get,
    put: ({ topic, payload, qos, modifiedMs }) => {
      if (payload.length === 0) database.write(remove, topic);
      else database.write(upsert, topic, payload, qos, modifiedMs);
    },
    matching: (filter) => {
      if (!/[+#]/.test(filter)) {
        const found = get(filter);
        return found === undefined ? [] : [found];
      }
      const matches = topicMatcher(filter);
      return database
        .rows(all)
        .map(parseRow)
        .filter(({ topic }) => matches(topic));
    },
    page: (after, limit) => database.rows(some, after, limit).map(parseRow),
  };
};

const parseRow = (row: Row): RetainedMessage => ({
  topic: String(row.topic),
  payload: row.payload instanceof Uint8Array ? Buffer.from(row.payload) : Buffer.alloc(0),
  qos: row.qos === 1 ? 1 : 0,
  modifiedMs: Number(row.modified_ms),
});
