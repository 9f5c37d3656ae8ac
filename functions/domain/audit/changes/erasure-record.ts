import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { FORMAT } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { erasureKey } from "#domain/home/keys.ts";

/** That records of a home are erased before their time. */
export interface Erasure {
  /** Their entries in the home's log. Nothing else names them: what is erased must not live on in the word for it. */
  readonly indices: readonly number[];
  readonly reason: string;
  readonly by: {
    readonly command: string;
    /** The user of the machine on which it was given. */
    readonly user: string;
    /** Of the AWS identity. */
    readonly accessKeyId: string;
  };
  /** ISO 8601. */
  readonly at: string;
  /** Tells two erasures of one moment apart. */
  readonly id: string;
}

/** The record of an erasure, written and sealed before anything is erased. */
export const erasureRecord = (home: HomeId, { at, id, ...erasure }: Erasure): AuditRecord => ({
  PK: erasureKey(home, at.slice(0, 7)),
  SK: `${at}#${id}`,
  v: FORMAT,
  home,
  ...erasure,
  at,
});
