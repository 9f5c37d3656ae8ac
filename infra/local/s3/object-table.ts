import { openSqlite } from "#local/wire/open-sqlite.ts";

/** An object as it is kept. */
export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  /** In quotes, as in its header. */
  readonly etag: string;
  readonly contentType: string;
  readonly cacheControl?: string;
  readonly modifiedMs: number;
}

/** The objects of all buckets. */
export interface ObjectTable {
  put(bucket: string, object: StoredObject): void;
  get(bucket: string, key: string): StoredObject | undefined;
  /** So many at most whose keys begin with `prefix` and come after one, in order; without their content. */
  page(
    bucket: string,
    prefix: string,
    after: string,
    limit: number,
  ): readonly (Omit<StoredObject, "body"> & { readonly size: number })[];
  delete(bucket: string, key: string): void;
  close(): void;
}

/** @throws LocalError `DataDamaged`, `AlreadyRunning` and what else openSqlite says */
export const openObjectTable = (file: string): ObjectTable => {
  const db = openSqlite(file, {
    content: "The objects",
    fresh: "empty buckets",
    application: "SHs3",
    migrations: [
      (fresh) =>
        fresh.exec(`CREATE TABLE object (
          bucket TEXT NOT NULL,
          key TEXT NOT NULL,
          body BLOB NOT NULL,
          etag TEXT NOT NULL,
          content_type TEXT NOT NULL,
          cache_control TEXT,
          modified_ms INTEGER NOT NULL,
          PRIMARY KEY (bucket, key)
        ) STRICT, WITHOUT ROWID`),
    ],
  });
  const put = db.prepare("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)");
  const get = db.prepare("SELECT * FROM object WHERE bucket = ? AND key = ?");
  const page = db.prepare(
    `SELECT key, etag, content_type, cache_control, modified_ms, length(body) AS size FROM object
     WHERE bucket = ? AND key > ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT ?`,
  );
  const remove = db.prepare("DELETE FROM object WHERE bucket = ? AND key = ?");
  type Row = NonNullable<ReturnType<typeof get.get>>;
  const described = (row: Row) => ({
    key: String(row.key),
    etag: String(row.etag),
    contentType: String(row.content_type),
    modifiedMs: Number(row.modified_ms),
    ...(row.cache_control === null ? {} : { cacheControl: String(row.cache_control) }),
  });
  return {
    put: (bucket, { key, body, etag, contentType, cacheControl, modifiedMs }) => {
      put.run(bucket, key, body, etag, contentType, cacheControl ?? null, modifiedMs);
    },
    get: (bucket, key) => {
      const row = get.get(bucket, key);
      if (!(row?.body instanceof Uint8Array)) return undefined;
      return { ...described(row), body: Buffer.from(row.body) };
    },
    page: (bucket, prefix, after, limit) =>
      page
        .all(bucket, after, prefix, prefix, limit)
        .map((row) => ({ ...described(row), size: Number(row.size) })),
    delete: (bucket, key) => {
      remove.run(bucket, key);
    },
    close: () => db.close(),
  };
};
