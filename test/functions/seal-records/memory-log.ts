import { generateKeyPairSync, hash, randomBytes, sign, verify } from "node:crypto";
import { parseCheckpoint } from "#domain/log/checkpoint.ts";
import { append, emptyTree, rootOf } from "#domain/log/frontier.ts";
import { leafHashOf, type Sha256, sameBytes } from "#domain/log/hashing.ts";
import { commitmentOf, type Item, parseLeaf } from "#domain/log/leaf.ts";
import { isSignedBy, parseNote } from "#domain/log/note.ts";
import type { FullTile, LogStore } from "#domain/log/sealing/log-store.ts";
import type { LogHead } from "#domain/log/sealing/seal-batch.ts";
import { nameOf, type RecordKey, type SealedRecord } from "#domain/log/sealing/seal-batch.ts";
import type { SealProgress } from "#domain/log/sealing/seal-progress.ts";
import { knownEntries } from "../../../functions/seal-records/known-entries.ts";
import type { PassTools } from "../../../functions/seal-records/seal-pass.ts";

export const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

/** A record of a run as the index tells of it, and as it is stored. */
export const recordOf = (
  home: string,
  run: string,
  sort: string,
  recordedAt: number,
  more: Item = {},
): readonly [RecordKey, Item] => {
  const PK = `HOME#${home}#RUN#${run}`;
  return [
    { PK, SK: sort, recordedAt },
    { PK: { S: PK }, SK: { S: sort }, recordedAt: { N: String(recordedAt) }, ...more },
  ];
};

/** The adapters of the sealer, played: what a test sees of them, and what it can break. */
export class MemoryLog {
  readonly records = new Map<string, { readonly key: RecordKey; readonly item: Item }>();
  readonly heads = new Map<string, LogHead>();
  readonly sealed = new Map<string, SealedRecord[]>();
  readonly tiles = new Map<string, FullTile[]>();
  readonly notes = new Map<string, { readonly size: number; readonly note: string }>();
  progress: SealProgress | undefined;
  readonly failures: unknown[] = [];
  nowMs = Date.parse("2026-11-27T22:00:00Z");
  calls = 0;
  transactions = 0;
  overtaken = 0;
  readonly reads = { head: 0, entries: 0 };
  /** Throws at the call of that number: before it did anything, or after. */
  breaksAt: { readonly call: number; readonly when: "before" | "after" } | undefined;
  /** What the one process knows in which all passes run. */
  readonly known = knownEntries();
  readonly #leases = new Map<string, number>();
  readonly #receipts = new Set<string>();
  readonly #keys = generateKeyPairSync("ed25519");

  write(...[key, item]: readonly [RecordKey, Item]): void {
    this.records.set(nameOf(key), { key, item });
  }

  get publicKey(): Uint8Array {
    return this.#keys.publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  }

  tools(): PassTools {
    const call = async <T>(act: () => T): Promise<T> => {
      this.calls += 1;
      const breaks = this.breaksAt?.call === this.calls ? this.breaksAt.when : undefined;
      // Others come in between.
      await new Promise((resolve) => setImmediate(resolve));
      if (breaks === "before") throw new Error("cut off");
      const result = act();
      if (breaks === "after") throw new Error("cut off");
      return result;
    };
    const sealedOf = (log: string) => this.sealed.get(log) ?? [];
    const store: LogStore = {
      takeLease: (log, nowMs, untilMs) =>
        call(() => {
          if ((this.#leases.get(log) ?? 0) >= nowMs) return false;
          this.#leases.set(log, untilMs);
          return true;
        }),
      giveLeaseBack: (log, untilMs) =>
        call(() => {
          if (this.#leases.get(log) === untilMs) this.#leases.set(log, 0);
        }),
      readHead: (log) =>
        call(() => {
          this.reads.head += 1;
          return this.heads.get(log);
        }),
      readSignedSize: (log) => call(() => this.notes.get(log)?.size ?? 0),
      sealedSince: (log, sinceMs) =>
        call(() => {
          this.reads.entries += 1;
          return new Map(
            sealedOf(log)
              .map(({ key, leaf }) => [nameOf(key), parseLeaf(leaf).at] as const)
              .filter(([, at]) => at >= sinceMs),
          );
        }),
      readRecords: (keys) => call(() => keys.flatMap((key) => this.records.get(nameOf(key)) ?? [])),
      readLeafHashes: (log, from, to) =>
        call(() =>
          sealedOf(log)
            .slice(from, to)
            .map(({ leafHash }) => leafHash),
        ),
      readTiles: (log, level, from, to) =>
        call(() =>
          (this.tiles.get(log) ?? [])
            .filter(({ tile }) => tile.level === level && tile.index >= from && tile.index < to)
            .map(({ bytes }) => bytes),
        ),
      append: (log, before, after, sealed, tiles) =>
        call(() => {
          const head = this.heads.get(log);
          if (
            (head?.tree.size ?? 0) !== before.tree.size ||
            (head !== undefined && !sameBytes(head.root, before.root))
          ) {
            this.overtaken += 1;
            return { is: "overtaken" };
          }
          const twice = sealed.filter(({ key }) => this.#receipts.has(nameOf(key)));
          if (twice.length > 0)
            return { is: "sealed before", records: twice.map(({ key }) => key) };
          this.transactions += 1;
          this.heads.set(log, after);
          this.sealed.set(log, [...sealedOf(log), ...sealed]);
          this.tiles.set(log, [...(this.tiles.get(log) ?? []), ...tiles]);
          for (const { key } of sealed) this.#receipts.add(nameOf(key));
          return { is: "appended" };
        }),
      putCheckpoint: (log, size, note) =>
        call(() => {
          if ((this.notes.get(log)?.size ?? -1) < size) this.notes.set(log, { size, note });
        }),
      putTerms: (log, { size, days, vkey, nowMs }) =>
        call(() => {
          const PK = log === "ALL" ? "RETENTION" : `HOME#${log}#RETENTION`;
          const key = { PK, SK: `${size}#${days}#${vkey}`, recordedAt: nowMs };
          if (!this.records.has(nameOf(key))) {
            const item = { PK: { S: PK }, SK: { S: key.SK }, days: { N: String(days) } };
            this.records.set(nameOf(key), { key, item });
          }
          return key;
        }),
    };
    return {
      store,
      known: this.known,
      sha256,
      nowMs: () => this.nowMs,
      randomBytes,
      retentionDays: 400,
      publicKey: async () => this.publicKey,
      sign: (message) => call(() => sign(null, message, this.#keys.privateKey)),
      readProgress: () => call(() => this.progress),
      writeProgress: (progress) =>
        call(() => {
          this.progress = progress;
        }),
      recordsSince: (seal, sinceMs) =>
        call(() => ({
          // A day's records in one of its partitions are enough here.
          keys: [...this.records.values()]
            .map(({ key }) => key)
            .filter(
              ({ recordedAt }) =>
                recordedAt >= sinceMs &&
                seal === `${new Date(recordedAt).toISOString().slice(0, 10)}#0`,
            ),
          isCut: false,
        })),
      receiptsOf: (keys) =>
        call(() => new Set(keys.map(nameOf).filter((name) => this.#receipts.has(name)))),
      hasTime: () => true,
      onFailure: (_, error) => this.failures.push(error),
    };
  }

  /** What is wrong with a log; nothing when it holds each of its records once, as it is, under a signed head. */
  async faultsOf(log: string): Promise<readonly string[]> {
    const faults: string[] = [];
    const sealed = this.sealed.get(log) ?? [];
    let tree = emptyTree;
    let before = 0;
    const names = new Set<string>();
    for (const [index, one] of sealed.entries()) {
      const name = nameOf(one.key);
      const { at, commit } = parseLeaf(one.leaf);
      if (one.index !== index) faults.push(`${name} is not at ${index}`);
      if (names.has(name)) faults.push(`${name} is sealed twice`);
      if (at < before || at < one.key.recordedAt) faults.push(`the time of ${name} falls`);
      if (!sameBytes(commit, commitmentOf(sha256, one.salt, one.item))) {
        faults.push(`${name} is not what was committed to`);
      }
      names.add(name);
      before = at;
      tree = append(sha256, tree, leafHashOf(sha256, one.leaf));
    }
    const home = (PK: string): string => /^HOME#([^#]+)#/.exec(PK)?.[1] ?? "ALL";
    for (const { key } of this.records.values()) {
      if (home(key.PK) === log && !names.has(nameOf(key)))
        faults.push(`${nameOf(key)} is not sealed`);
    }
    const head = this.heads.get(log);
    if (head === undefined || !sameBytes(head.root, rootOf(sha256, tree))) faults.push("the root");
    const { note = "" } = this.notes.get(log) ?? {};
    const parsed = parseNote(note);
    const checkpoint = parseCheckpoint(parsed.text);
    if (checkpoint.size !== tree.size || !sameBytes(checkpoint.root, rootOf(sha256, tree))) {
      faults.push("the signed head is another");
    }
    const key = { name: `smarthome.${log}`, publicKey: this.publicKey };
    const signed = await isSignedBy(
      sha256,
      (_, message, signature) => verify(null, message, this.#keys.publicKey, signature),
      parsed,
      key,
    );
    if (signed !== "signed") faults.push(`the head is ${signed}`);
    return faults;
  }
}
