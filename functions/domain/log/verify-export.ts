import { HomeError } from "#domain/home-error.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { ReadFile } from "./entry-files.ts";
import { type ExportedRecord, parseAnyLine, type TableExport } from "./exported-records.ts";
import { type Fault, type Faults, noFaults } from "./fault.ts";
import { vkeyOf } from "./note.ts";
import { checkHead, type HeadChecks } from "./verify-heads.ts";
import { checkMeaning } from "./verify-meaning.ts";
import { checkRecords, type RecordCounts } from "./verify-records.ts";
import { checkTree } from "./verify-tree.ts";

/** An export, and what it is held against. */
export interface ExportChecks extends HeadChecks {
  /** The signed head. */
  readonly checkpoint: string;
  /** Signed heads of the same log that were seen before. */
  readonly older: readonly string[];
  /** Tiles and bundles of entries. */
  readonly read: ReadFile;
  /** Lines of `records.jsonl`, or of DynamoDB's own export of the audit table. */
  readonly records: AsyncIterable<string>;
  /** Needed for the latter. */
  readonly tableExport?: TableExport;
  /** When the export was made, epoch milliseconds. */
  readonly exportedAt: number;
}

/** What was found in an export. */
export interface Verdict {
  /** The first hundred faults, the one of the first entry before the others. None: the export is whole. */
  readonly faults: readonly Fault[];
  readonly faultCount: number;
  readonly head?: Checkpoint;
  readonly counts?: RecordCounts;
  /** Sentences for people. */
  readonly proved: readonly string[];
  readonly notProved: readonly string[];
}

/**
 * Checks an export offline: the head's signature, entries and tiles against the head and against older heads, each record
 * against its entry, and whether the records make sense together. Reads entries bundle by bundle and records line by line:
 * what stays in memory is 42 bytes for each entry, and a little for each run.
 */
export const verifyExport = async (checks: ExportChecks): Promise<Verdict> => {
  const { sha256, key, exportedAt, read } = checks;
  const faults = noFaults();
  const head = await checkHead(checks, checks.checkpoint, "The head", faults);
  const older: Checkpoint[] = [];
  for (const signed of checks.older) {
    const name = checks.older.length === 1 ? "The older head" : `Older head ${older.length + 1}`;
    const before = faults.count();
    const one = await checkHead(checks, signed, name, faults);
    // What nobody signed says nothing about the log.
    if (one !== undefined && faults.count() === before) older.push(one);
  }
  if (head === undefined) return verdictOf(faults, older);
  const leaves = await checkTree({ sha256, read, head, older }, faults);
  const meaning = checkMeaning(sha256, leaves, exportedAt, faults);
  const counts = await checkRecords(
    { sha256, leaves, exportedAt, vkey: vkeyOf(sha256, key), meaning },
    recordsOf(checks, faults),
    faults,
  );
  const endless = meaning.conclude();
  return verdictOf(faults, older, head, counts, endless);
};

const recordsOf = async function* (
  { records, tableExport }: ExportChecks,
  faults: Faults,
): AsyncGenerator<ExportedRecord> {
  let number = 0;
  for await (const line of records) {
    number += 1;
    if (line === "") continue;
    try {
      const record = parseAnyLine(line, tableExport);
      if (record !== undefined) yield record;
    } catch (error) {
      if (!(error instanceof HomeError)) throw error;
      const sentence = `Line ${number} of the records cannot be read: ${error.message}`;
      faults.add({ code: "RecordUnreadable", sentence });
    }
  }
};

const verdictOf = (
  faults: Faults,
  older: readonly Checkpoint[],
  head?: Checkpoint,
  counts?: RecordCounts,
  endless: readonly string[] = [],
): Verdict => ({
  faults: faults.list(),
  faultCount: faults.count(),
  ...(head === undefined ? {} : { head }),
  ...(counts === undefined ? {} : { counts }),
  proved:
    faults.count() > 0 || head === undefined || counts === undefined
      ? []
      : provedOf(head, older.length, counts),
  notProved: [...notProvedOf(older.length, counts), ...endsNotProved(endless)],
});

const provedOf = (
  { origin, size }: Checkpoint,
  older: number,
  { proved, erased, expired, reasons }: RecordCounts,
): readonly string[] => [
  `${counted(size, "entry", "entries")} of ${origin} ${size === 1 ? "is" : "are"} as the head says: since it was signed none was changed, removed, inserted or reordered.`,
  `${counted(proved, "record is", "records are")}, attribute by attribute, what was sealed.`,
  ...(older === 0
    ? []
    : [
        `The log begins as ${counted(older, "head", "heads")} that ${older === 1 ? "was" : "were"} seen before ${older === 1 ? "says" : "say"}.`,
      ]),
  ...(erased === 0
    ? []
    : [
        `${counted(erased, "record was", "records were")} erased, and a later entry says so: ${reasons.join("; ")}.`,
      ]),
  ...(expired === 0
    ? []
    : [`${counted(expired, "record is", "records are")} gone because the retention is over.`]),
];

const notProvedOf = (older: number, counts: RecordCounts | undefined): readonly string[] => [
  "That everything that happened was written: no log shows what was never recorded.",
  "That no record was changed or removed before it was sealed, within about a minute; of runs, what an outcome was judged by is missed.",
  "That the clocks were right by which records were written and sealed.",
  "That devices told the truth.",
  ...(older === 0
    ? [
        "That this is the only log, whole: without a head that was seen before, one that was forked or cut off is not noticed.",
      ]
    : []),
  ...(counts === undefined || counts.unsealed === 0
    ? []
    : [`Anything about ${counted(counts.unsealed, "record", "records")} too young to be sealed.`]),
  ...(counts === undefined || counts.beforeTheLog === 0
    ? []
    : [
        `Anything about ${counted(counts.beforeTheLog, "record", "records")} from before there was a log.`,
      ]),
  ...(counts === undefined || counts.expired === 0
    ? []
    : ["That a record which is gone by its retention did not go up to two days earlier."]),
];

const MOST_NAMED = 50;

const endsNotProved = (runs: readonly string[]): readonly string[] => {
  if (runs.length === 0) return [];
  const named = runs.slice(0, MOST_NAMED).join(", ");
  const more = runs.length > MOST_NAMED ? ` and ${runs.length - MOST_NAMED} more` : "";
  return [
    `How ${counted(runs.length, "run", "runs")} ended (${named}${more}): cut off, or the outcome was removed before it was sealed.`,
  ];
};

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;
