import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { FORMAT } from "#domain/format.ts";
import { logOf, retentionKey, STACK_LOG } from "#domain/home/keys.ts";
import { originOf } from "#domain/log/checkpoint.ts";
import type { LogTerms } from "#domain/log/sealing/log-store.ts";

/**
 * What a log says of itself, as a record that it holds: its first one, and another where the days or the key change. It
 * has no end: who verifies the log must know why other records are gone.
 */
export const retentionRecord = (log: string, { size, days, vkey }: LogTerms): AuditRecord => {
  const PK = retentionKey(log);
  const home = logOf(PK);
  return {
    PK,
    // Made of all that it says: what is tried again is the same record.
    SK: `${String(size).padStart(12, "0")}#${days}#${vkey}`,
    v: FORMAT,
    ...(home === STACK_LOG ? {} : { home }),
    origin: originOf(log),
    days,
    vkey,
  };
};
