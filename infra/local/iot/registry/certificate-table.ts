import type { Database, Row } from "../database/database.ts";
import { revisedWrites } from "../database/revised-writes.ts";

/** As the API names them; the others of AWS (revoked by transfer, pending) cannot come about here. */
export type CertificateStatus = "ACTIVE" | "INACTIVE" | "REVOKED";

/** A device's certificate. */
export interface Certificate {
  /** SHA-256 of its DER in hexadecimal, which is also its fingerprint. */
  readonly id: string;
  readonly pem: string;
  readonly status: CertificateStatus;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

/** Certificates on disk, the policies that are attached to each, and the things each is attached to. */
export interface CertificateTable {
  get(id: string): Certificate | undefined;
  create(certificate: Omit<Certificate, "modifiedMs">): void;
  setStatus(id: string, status: CertificateStatus, modifiedMs: number): void;
  remove(id: string): void;
  isEmpty(): boolean;
  readonly policies: Attachments;
  readonly things: ThingAttachments;
  /** Grows with every change. */
  revision(): number;
}

/** What is attached to certificates, by name. */
export interface Attachments {
  attach(certificateId: string, name: string): void;
  detach(certificateId: string, name: string): void;
  /** In order. */
  of(certificateId: string): readonly string[];
  certificatesOf(name: string): readonly string[];
}

/** The things that certificates are attached to. */
export interface ThingAttachments extends Attachments {
  attachExclusively(certificateId: string, thing: string): void;
  /** The thing that a certificate is attached to exclusively. */
  exclusiveThingOf(certificateId: string): string | undefined;
}

export const certificateTable = (database: Database): CertificateTable => {
  const one = database.prepare(
    "SELECT id, pem, status, created_ms, modified_ms FROM certificate WHERE id = ?",
  );
  const insert = database.prepare(
    "INSERT INTO certificate (id, pem, status, created_ms, modified_ms) VALUES (?, ?, ?, ?, ?)",
  );
  const update = database.prepare(
    "UPDATE certificate SET status = ?, modified_ms = ? WHERE id = ?",
  );
  const remove = database.prepare("DELETE FROM certificate WHERE id = ?");
  const any = database.prepare("SELECT id FROM certificate LIMIT 1");
  const { write, revision } = revisedWrites(database);

  const attachments = (table: string): Attachments => {
    const add = database.prepare(
      `INSERT INTO ${table} (certificate_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING`,
    );
    const drop = database.prepare(`DELETE FROM ${table} WHERE certificate_id = ? AND name = ?`);
    const names = database.prepare(
      `SELECT name AS value FROM ${table} WHERE certificate_id = ? ORDER BY name`,
    );
    const ids = database.prepare(
      `SELECT certificate_id AS value FROM ${table} WHERE name = ? ORDER BY certificate_id`,
    );
    const values = (statement: typeof names, key: string): readonly string[] =>
      database.rows(statement, key).map(({ value }) => String(value));
    return {
      attach: (certificateId, name) => write(add, certificateId, name),
      detach: (certificateId, name) => write(drop, certificateId, name),
      of: (certificateId) => values(names, certificateId),
      certificatesOf: (name) => values(ids, name),
    };
  };

  const addExclusive = database.prepare(
    "INSERT INTO certificate_thing (certificate_id, name, exclusive) VALUES (?, ?, 1) ON CONFLICT DO NOTHING",
  );
  const exclusive = database.prepare(
    "SELECT name FROM certificate_thing WHERE certificate_id = ? AND exclusive = 1",
  );
  const things: ThingAttachments = {
    ...attachments("certificate_thing"),
    attachExclusively: (certificateId, thing) => write(addExclusive, certificateId, thing),
    exclusiveThingOf: (certificateId) =>
      database.rows(exclusive, certificateId).map(({ name }) => String(name))[0],
  };

  return {
    get: (id) => database.rows(one, id).map(parseRow)[0],
    create: ({ id, pem, status, createdMs }) =>
      write(insert, id, pem, status, createdMs, createdMs),
    setStatus: (id, status, modifiedMs) => write(update, status, modifiedMs, id),
    remove: (id) => write(remove, id),
    isEmpty: () => database.rows(any).length === 0,
    policies: attachments("certificate_policy"),
    things,
    revision,
  };
};

const parseRow = (row: Row): Certificate => ({
  id: String(row.id),
  pem: String(row.pem),
  status: row.status === "ACTIVE" || row.status === "REVOKED" ? row.status : "INACTIVE",
  createdMs: Number(row.created_ms),
  modifiedMs: Number(row.modified_ms),
});
