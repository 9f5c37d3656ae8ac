import { sealOf } from "#domain/home/keys.ts";

/** What every record of the audit table carries, so that it can be sealed and can go when its time is over. */
export interface Stamp {
  /** When it was written, epoch milliseconds, by the clock of who wrote it. */
  readonly recordedAt: number;
  /** Its partition in the index bySeal. */
  readonly seal: string;
  /** When DynamoDB may delete it, epoch seconds. */
  readonly expiresAt: number;
}

/** The stamp of a record that is written at `nowMs`. The rule that writes acknowledgements makes the same (infra/aws). */
export const stampOf = (partition: string, nowMs: number, retentionDays: number): Stamp => ({
  recordedAt: nowMs,
  seal: sealOf(partition, new Date(nowMs).toISOString().slice(0, 10)),
  expiresAt: Math.floor(nowMs / 1000) + retentionDays * SECONDS_OF_A_DAY,
});

const SECONDS_OF_A_DAY = 24 * 60 * 60;
