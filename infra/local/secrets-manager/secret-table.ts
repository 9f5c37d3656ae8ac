import { randomUUID } from "node:crypto";
import type { SQLOutputValue } from "node:sqlite";
import { openSqlite } from "#local/wire/open-sqlite.ts";

/** A secret of the template with its one version. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly value: string;
  readonly versionId: string;
  readonly createdMs: number;
  /** When its value was last another. */
  readonly changedMs: number;
}

/** What the template says of a secret. */
export type DeclaredSecret = Pick<Secret, "name" | "arn" | "description" | "value">;

/** The secrets on disk. */
export interface SecretTable {
  /** By name or ARN. */
  find(secretId: string): Secret | undefined;
  close(): void;
}

const FIRST = `
create table secret (
  name text primary key, arn text not null unique, description text, value text not null, version_id text not null,
  created_ms integer not null, changed_ms integer not null
) strict;
`;

/**
 * Opens the file, which its owner alone may read, and brings it to what the template says: a value that is another one
 * is another version, and what is not declared any more is gone.
 * @throws LocalError as `openSqlite` does
 */
export const openSecretTable = (
  file: string,
  declared: readonly DeclaredSecret[],
  nowMs: number,
): SecretTable => {
  const database = openSqlite(file, {
    content: "The secrets",
    fresh: "the template's",
    application: "SHse",
    migrations: [(db) => db.exec(FIRST)],
  });
  const byName = database.prepare("select * from secret where name = ?1 or arn = ?1");
  const put = database.prepare("insert or replace into secret values (?, ?, ?, ?, ?, ?, ?)");
  const names = database.prepare("select name from secret");
  const remove = database.prepare("delete from secret where name = ?");
  const find = (id: string): Secret | undefined => byName.all(id).map(parseRow)[0];
  database.exec("begin immediate");
  for (const { name, arn, description, value } of declared) {
    const known = find(name);
    const isSame = known?.value === value;
    put.run(
      name,
      arn,
      description ?? null,
      value,
      isSame ? known.versionId : randomUUID(),
      known?.createdMs ?? nowMs,
      isSame ? known.changedMs : nowMs,
    );
  }
  for (const { name } of names.all()) {
    if (!declared.some((secret) => secret.name === name)) remove.run(String(name));
  }
  database.exec("commit");
  return {
    find,
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

const parseRow = (row: Readonly<Record<string, SQLOutputValue>>): Secret => ({
  name: String(row.name),
  arn: String(row.arn),
  ...(row.description === null ? {} : { description: String(row.description) }),
  value: String(row.value),
  versionId: String(row.version_id),
  createdMs: Number(row.created_ms),
  changedMs: Number(row.changed_ms),
});
