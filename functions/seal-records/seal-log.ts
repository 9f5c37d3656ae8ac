import { setTimeout as pause } from "node:timers/promises";
import { checkpointText, originOf } from "#domain/log/checkpoint.ts";
import { logInvalid, type Sha256, sameBytes } from "#domain/log/hashing.ts";
import { SALT_BYTES } from "#domain/log/leaf.ts";
import { type NoteKey, signedBytesOf, signedNote, vkeyOf } from "#domain/log/note.ts";
import type { LogStore } from "#domain/log/sealing/log-store.ts";
import {
  bySealing,
  emptyHead,
  type LogHead,
  nameOf,
  type RecordKey,
  sealBatch,
} from "#domain/log/sealing/seal-batch.ts";
import { fullTiles } from "./full-tiles.ts";
import type { KnownEntries } from "./known-entries.ts";

/** What the sealer works with. */
export interface SealTools {
  readonly store: LogStore;
  /** What the passes before left. */
  readonly known: KnownEntries;
  readonly sha256: Sha256;
  readonly nowMs: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** The 32 bytes of the public key, and signatures of it. */
  readonly publicKey: () => Promise<Uint8Array>;
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
  /** How long records are kept. */
  readonly retentionDays: number;
}

/** What came of a pass over one log. */
export interface SealReport {
  /** How many records got their entry. */
  readonly sealed: number;
  /** How old the oldest of them was then, in milliseconds. */
  readonly oldestMs: number;
  /** Somebody else has the log, and seals it. */
  readonly isTaken: boolean;
}

// A transaction has a hundred parts: an entry and a receipt for each record, the head, and up to three tiles.
const BATCH = 48;
const LEASE_MS = 30_000;
// Who loses to other sealers this often in a row leaves the rest to the next pass.
const MOST_ATTEMPTS = 20;
const LONGEST_PAUSE_MS = 400;

/**
 * Seals what was found of a log since `sinceMs`, and signs its head. It may be cut off after any call: what is appended
 * is appended in one transaction, what is signed was appended before, and the next pass does the rest.
 * @throws HomeError `LogInvalid` when others append faster
 */
export const sealLog = async (
  tools: SealTools,
  log: string,
  found: readonly RecordKey[],
  sinceMs: number,
): Promise<SealReport> => {
  const { store, nowMs } = tools;
  // What was sealed in the last minutes is found again in each pass.
  const looked = await look(tools, log, { todo: found }, sinceMs);
  if (await isUpToDate(tools, log, looked)) return { sealed: 0, oldestMs: 0, isTaken: false };
  const untilMs = nowMs() + LEASE_MS;
  if (!(await store.takeLease(log, nowMs(), untilMs))) {
    return { sealed: 0, oldestMs: 0, isTaken: true };
  }
  const begun = { ...looked, todo: looked.todo.toSorted(bySealing) };
  const { head, ...report } = await appendAll(tools, log, begun, sinceMs);
  await signHead(tools, log, head);
  await store.giveLeaseBack(log, untilMs);
  return { ...report, isTaken: false };
};

/** What is to be sealed, as of a head. */
interface Looked {
  readonly head: LogHead;
  readonly todo: readonly RecordKey[];
}

/** Reads the head. Where it is another than before, entries may have come that are not known here: what they sealed is left out. */
const look = async (
  { store, sha256, known }: SealTools,
  log: string,
  { head: before, todo }: Pick<Looked, "todo"> & Partial<Looked>,
  sinceMs: number,
): Promise<Looked> => {
  const head = (await store.readHead(log)) ?? emptyHead(sha256);
  const { root } = head;
  if (before !== undefined && sameBytes(root, before.root)) return { head, todo };
  let names = known.find(log, root, sinceMs);
  if (names === undefined) {
    names = await store.sealedSince(log, sinceMs);
    known.keep(log, root, sinceMs, names);
  }
  return { head, todo: without(todo, names) };
};

const without = (
  todo: readonly RecordKey[],
  names: { has(name: string): boolean },
): readonly RecordKey[] => todo.filter((key) => !names.has(nameOf(key)));

const isUpToDate = async (
  { store }: SealTools,
  log: string,
  { head, todo }: Looked,
): Promise<boolean> =>
  todo.length === 0 && head.tree.size > 0 && (await store.readSignedSize(log)) === head.tree.size;

/** Appends what is to be sealed; with the head as it was read last. */
const appendAll = async (
  tools: SealTools,
  log: string,
  begun: Looked,
  sinceMs: number,
): Promise<Pick<SealReport, "sealed" | "oldestMs"> & { readonly head: LogHead }> => {
  const { known, nowMs } = tools;
  let [sealed, oldestMs, attempts] = [0, 0, 0];
  let looked = await look(tools, log, begun, sinceMs);
  for (;;) {
    const { head, todo } = looked;
    const atMs = nowMs();
    const appended = await appendNext(tools, log, head, todo, atMs);
    switch (appended.is) {
      case "nothing to do":
        return { sealed, oldestMs, head };
      case "appended": {
        const { records, left } = appended;
        attempts = 0;
        sealed += records.length;
        oldestMs = Math.max(oldestMs, ...records.map((key) => atMs - key.recordedAt));
        known.add(log, head.root, appended.head.root, records.map(nameOf), appended.head.at);
        looked = { head: appended.head, todo: left };
        // Whether it still is the head tells the next append; what is signed is read.
        if (left.length === 0) looked = await look(tools, log, looked, sinceMs);
        continue;
      }
      case "overtaken":
      case "contended":
        attempts += 1;
        if (attempts > MOST_ATTEMPTS) {
          throw logInvalid(`The log of ${log} changes faster than it can be appended to.`);
        }
        if (appended.is === "contended") await pause(Math.random() * LONGEST_PAUSE_MS);
        break;
      case "sealed before":
        break;
    }
    // Sealed by now, or gone: its time was over, or it was erased.
    const sealedBefore = "records" in appended ? appended.records : [];
    const done = new Set([...appended.gone, ...sealedBefore].map(nameOf));
    looked = await look(tools, log, { head, todo: without(todo, done) }, sinceMs);
  }
};

/** Appends the first of what is to do, as much as a transaction holds. */
const appendNext = async (
  tools: SealTools,
  log: string,
  head: LogHead,
  todo: readonly RecordKey[],
  atMs: number,
) => {
  const { store, sha256, randomBytes } = tools;
  const terms = await newTerms(tools, log, head);
  if (todo.length === 0 && terms === undefined) return { is: "nothing to do" } as const;
  // What the log says of itself comes first, so that a new log begins with it. A pass that was cut off may have left it
  // to be found.
  const first = terms === undefined ? [] : [terms.key];
  const others = terms === undefined ? todo : without(todo, new Set([nameOf(terms.key)]));
  const batch = [...first, ...others.slice(0, BATCH - first.length)];
  const left = others.slice(BATCH - first.length);
  const stored = await store.readRecords(batch);
  const there = new Set(stored.map(({ key }) => nameOf(key)));
  const gone = batch.filter((key) => !there.has(nameOf(key)));
  if (stored.length === 0) return { is: "sealed before", records: [], gone } as const;
  const salted = stored.map((record) => ({ ...record, salt: randomBytes(SALT_BYTES) }));
  const next = sealBatch(sha256, head, salted, atMs);
  const after: LogHead = {
    ...next.head,
    ...(terms === undefined ? {} : { terms: terms.text }),
    // It only moves when nothing is left over.
    sealedTo:
      todo.length < BATCH
        ? Math.max(head.sealedTo, ...todo.map((one) => one.recordedAt))
        : head.sealedTo,
  };
  const tiles = await fullTiles(store, sha256, log, head.tree.size, next.sealed);
  const appended = await store.append(log, head, after, next.sealed, tiles);
  return appended.is === "appended"
    ? { ...appended, head: after, records: next.sealed.map(({ key }) => key), left }
    : { ...appended, gone };
};

/** What the log has to say of itself anew: at its beginning, and when its days or its key change. */
const newTerms = async (
  tools: SealTools,
  log: string,
  head: LogHead,
): Promise<{ readonly text: string; readonly key: RecordKey } | undefined> => {
  const { store, sha256, nowMs, retentionDays: days } = tools;
  const vkey = vkeyOf(sha256, await noteKey(tools, log));
  const text = `${days} ${vkey}`;
  if (head.terms === text) return undefined;
  const { size } = head.tree;
  return { text, key: await store.putTerms(log, { size, days, vkey, nowMs: nowMs() }) };
};

/** Signs a head that was read, so what is committed and nothing else: no two signed heads can disagree. */
const signHead = async (tools: SealTools, log: string, head: LogHead): Promise<void> => {
  const { store, sha256, sign } = tools;
  if ((await store.readSignedSize(log)) >= head.tree.size) return;
  const key = await noteKey(tools, log);
  const { root } = head;
  const { size } = head.tree;
  const text = checkpointText({ origin: key.name, size, root });
  const note = signedNote(sha256, text, key, await sign(signedBytesOf(text)));
  await store.putCheckpoint(log, size, note);
};

const noteKey = async ({ publicKey }: SealTools, log: string): Promise<NoteKey> => ({
  name: originOf(log),
  publicKey: await publicKey(),
});
