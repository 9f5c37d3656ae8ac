import type { Caller } from "#domain/access/caller.ts";
import { FORMAT } from "#domain/format.ts";
import { refusedKey } from "#domain/home/keys.ts";
import type { HomeErrorCode } from "#domain/home-error.ts";
import { sha256, toHex } from "#domain/sha256.ts";
import type { AuditRecord } from "./audit-record.ts";

/** A call that was refused. */
export interface Refusal {
  readonly tool: string;
  /** Of the function's refusal, or that a token lacks the tool's scope or is meant for another server. */
  readonly code: HomeErrorCode | "InsufficientScope" | "TokenForAnother";
  /** The home that the call was about, where that was known by then. */
  readonly home?: string;
  /** ISO 8601. */
  readonly at: string;
}

const DIGITS = 16;

/**
 * The record of a refused call. Its key is the minute, the caller, the tool and the code: of a client that asks the same
 * a thousand times a minute the first call is kept, and no arguments, which may be anything.
 */
export const refusalRecord = async (
  caller: Caller | undefined,
  { tool, code, home, at }: Refusal,
): Promise<AuditRecord> => {
  const same = await sha256(JSON.stringify([caller?.sub ?? "", tool, code]));
  return {
    PK: refusedKey(at.slice(0, 10)),
    SK: `${at.slice(11, 16)}#${toHex(same).slice(0, DIGITS)}`,
    v: FORMAT,
    tool,
    code,
    ...(home === undefined ? {} : { home }),
    ...(caller === undefined ? {} : { caller }),
    at,
  };
};
