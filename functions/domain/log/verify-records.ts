import { HomeError } from "#domain/home-error.ts";
import { type ExportedRecord, keysOf, listOf, numberOf, textOf } from "./exported-records.ts";
import {
  capital,
  entriesInWords,
  entryInWords,
  type Fault,
  type Faults,
  visible,
} from "./fault.ts";
import { type Sha256, sameBytes } from "./hashing.ts";
import { commitmentOfText, type Item, jcs, type Leaf, type LeafKind } from "./leaf.ts";
import { kindOfRecord } from "./record-kind.ts";
import type { SealedLeaves } from "./sealed-leaves.ts";
import type { Meaning } from "./verify-meaning.ts";

/** What records are checked with. */
export interface RecordChecks {
  readonly sha256: Sha256;
  readonly leaves: SealedLeaves;
  /** When the export was made, epoch milliseconds. */
  readonly exportedAt: number;
  readonly vkey: string;
  readonly meaning: Meaning;
}

/** How many records were found, and why the others may be missing. */
export interface RecordCounts {
  /** Records that are what their entry committed to. */
  readonly proved: number;
  /** Entries whose record a later entry says was erased. */
  readonly erased: number;
  /** Entries whose record is past its retention. */
  readonly expired: number;
  /** Records that were too young to be sealed. */
  readonly unsealed: number;
  /** Records from before there was a log. */
  readonly beforeTheLog: number;
  /** The reasons that erasures give, each once. */
  readonly reasons: readonly string[];
}

/** Holds the records, in whichever order they come, against the entries. */
export const checkRecords = async (
  { sha256, leaves, exportedAt, vkey, meaning }: RecordChecks,
  records: AsyncIterable<ExportedRecord>,
  faults: Faults,
): Promise<RecordCounts> => {
  let [proved, unsealed, beforeTheLog] = [0, 0, 0];
  const gone: Gone = { erased: new Set(), retentions: [] };
  const reasons = new Set<string>();
  // Records that are not what the entry that they name committed to, or not the only one that is.
  const claims: Claim[] = [];

  const fault = (index: number, code: Fault["code"], what: string): void => {
    const sentence = `${capital(entryInWords(index, leaves.at(index)))}: ${what}.`;
    faults.add({ code, entry: index, sentence });
  };
  const takeUnsealed = (item: Item, text: string): void => {
    const recordedAt = numberOf(item.recordedAt);
    if (recordedAt === undefined) {
      beforeTheLog += 1;
      return;
    }
    unsealed += 1;
    meaning.take({ item, text, index: undefined });
    if (exportedAt - recordedAt <= SEALED_WITHIN_MS) return;
    const minutes = Math.floor((exportedAt - recordedAt) / 60_000);
    const sentence = `The record ${recordInWords(item)} is not sealed, ${minutes} minutes after it was written: it was inserted, or the sealer stands still.`;
    faults.add({ code: "RecordNotSealed", sentence });
  };
  const takeGenuine = (item: Item, text: string, index: number): void => {
    const leaf = leaves.at(index);
    if (leaf === undefined) return;
    proved += 1;
    meaning.take({ item, text, index });
    const kind = kindOf(item);
    if (kind !== "record" && leaf.kind !== "record" && kind !== leaf.kind) {
      fault(
        index,
        "MeaningBroken",
        `its record ${recordInWords(item)} is of another kind (${kind})`,
      );
    }
    if ((numberOf(item.recordedAt) ?? leaf.at) > leaf.at) {
      fault(index, "TimeFell", `its record ${recordInWords(item)} was written after it was sealed`);
    }
    if (leaf.kind === "retention") {
      const days = numberOf(item.days);
      if (days !== undefined) gone.retentions.push({ from: index, days });
      if ((textOf(item.vkey) ?? vkey) !== vkey) {
        fault(index, "MeaningBroken", "the log says that its heads are signed by another key");
      }
    }
    if (leaf.kind === "erasure") {
      reasons.add(visible(textOf(item.reason) ?? "no reason given"));
      for (const named of listOf(item.indices)) {
        const erased = numberOf(named);
        if (erased !== undefined && erased < index) gone.erased.add(erased);
      }
    }
  };

  for await (const { item, receipts } of records) {
    const text = textOfItem(item, faults);
    if (text === undefined) continue;
    const places = receipts
      .filter(({ index }) => index < leaves.size())
      .map(({ index, salt }) => ({ index, commit: commitmentOfText(sha256, salt, text) }));
    const own = places.find(({ index, commit }) =>
      sameBytes(leaves.at(index)?.commit ?? NO_BYTES, commit),
    );
    const place = own ?? places[0];
    if (place === undefined) {
      takeUnsealed(item, text);
    } else if (own !== undefined && leaves.find(own.index)) {
      takeGenuine(item, text, own.index);
    } else if (leaves.at(place.index) === undefined) {
      // The entry cannot be read, which is a fault already.
    } else if (claims.length < MOST_CLAIMS) {
      claims.push({ ...place, name: recordInWords(item) });
    } else {
      leaves.find(place.index);
      fault(place.index, "RecordChanged", `its record ${recordInWords(item)} was changed`);
    }
  }
  // Only now is it known whether an entry has a record of its own beside the one that says so.
  for (const { index, commit, name } of claims) {
    const home = leaves.indexOf(commit);
    if (leaves.isFound(index)) {
      fault(index, "RecordInserted", `the record ${name} was inserted, for the entry has its own`);
    } else if (home !== undefined) {
      fault(
        index,
        "RecordsReordered",
        `the record ${name} stands here, and belongs to entry ${home}`,
      );
    } else {
      fault(index, "RecordChanged", `its record ${name} was changed`);
    }
  }
  for (const { index } of claims) leaves.find(index);
  const missing = checkMissing(leaves, gone, exportedAt, meaning, faults);
  return { proved, ...missing, unsealed, beforeTheLog, reasons: [...reasons] };
};

interface Place {
  readonly index: number;
  readonly commit: Uint8Array;
}

interface Claim extends Place {
  readonly name: string;
}

// Each costs a look at every entry.
const MOST_CLAIMS = 100;

const NO_BYTES = new Uint8Array();

const textOfItem = (item: Item, faults: Faults): string | undefined => {
  try {
    return jcs(item);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    const sentence = `The record ${recordInWords(item)} cannot be read: ${error.message}`;
    faults.add({ code: "RecordUnreadable", sentence });
    return undefined;
  }
};

/** What says why records may be missing. */
interface Gone {
  readonly erased: Set<number>;
  readonly retentions: { readonly from: number; readonly days: number }[];
}

/** Each entry without a record must be one that was erased, or whose retention is over. */
const checkMissing = (
  leaves: SealedLeaves,
  { erased, retentions }: Gone,
  exportedAt: number,
  meaning: Meaning,
  faults: Faults,
): Pick<RecordCounts, "erased" | "expired"> => {
  const byEntry = retentions.toSorted((one, other) => one.from - other.from);
  const counts = { erased: 0, expired: 0 };
  let inForce = 0;
  // Entries in a row share a sentence.
  let removed = 0;
  const tellRemoved = (end: number): void => {
    const first = end - removed;
    if (removed === 1) {
      const sentence = `${capital(entryInWords(first, leaves.at(first)))}: its record was removed.`;
      faults.add({ code: "RecordRemoved", entry: first, sentence });
    } else if (removed > 1) {
      const sentence = `${capital(entriesInWords(first, removed))}: their records were removed.`;
      faults.add({ code: "RecordRemoved", entry: first, sentence });
    }
    removed = 0;
  };
  for (let index = 0; index < leaves.size(); index += 1) {
    while ((byEntry[inForce + 1]?.from ?? Number.POSITIVE_INFINITY) <= index) inForce += 1;
    const leaf = leaves.at(index);
    const why =
      leaf === undefined || leaves.isFound(index)
        ? "found"
        : whyMissing(leaf, erased.has(index), byEntry[inForce]?.days, exportedAt);
    if (why === "removed") {
      removed += 1;
      continue;
    }
    tellRemoved(index);
    if (why === "found") continue;
    counts[why] += 1;
    meaning.miss(index);
  }
  tellRemoved(leaves.size());
  return counts;
};

const whyMissing = (
  leaf: Leaf,
  erased: boolean,
  days: number | undefined,
  exportedAt: number,
): "erased" | "expired" | "removed" => {
  // What says why others are missing must be there itself.
  if (leaf.kind === "retention" || leaf.kind === "key") return "removed";
  if (days !== undefined && leaf.at - LATE_SEALING_MS + days * DAY_MS < exportedAt)
    return "expired";
  return erased && leaf.kind !== "erasure" ? "erased" : "removed";
};

/** A record by its keys, for people. */
const recordInWords = (item: Item): string => {
  const { partition, sort } = keysOf(item);
  return partition === undefined || sort === undefined
    ? "without keys"
    : visible(`${partition}/${sort}`);
};

const kindOf = (item: Item): LeafKind => {
  const { partition, sort } = keysOf(item);
  return partition === undefined || sort === undefined ? "record" : kindOfRecord(partition, sort);
};

const DAY_MS = 24 * 60 * 60 * 1000;
// Sealing takes a minute; after ten the sealer stands still.
const SEALED_WITHIN_MS = 10 * 60 * 1000;
// A record goes by when it was written, an entry tells when it was sealed: at most two days later, by the daily pass.
const LATE_SEALING_MS = 2 * DAY_MS;
