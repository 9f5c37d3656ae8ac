import { recordLine } from "#domain/log/exported-records.ts";
import { append, emptyTree, type Frontier, rootOf } from "#domain/log/frontier.ts";
import { leafHashOf } from "#domain/log/hashing.ts";
import { commitmentOf, type Item, makeLeaf } from "#domain/log/leaf.ts";
import { logFiles } from "#domain/log/log-files.ts";
import type { NoteKey } from "#domain/log/note.ts";
import { kindOfRecord } from "#domain/log/record-kind.ts";
import { type Verdict, verifyExport } from "#domain/log/verify-export.ts";
import { type Signer, sha256, signerOf, verifyEd25519 } from "./ed25519.ts";
import { EVENING } from "./house-records.ts";

/** The key that signs the heads of the home `home` in these tests. */
export const SIGNER: Signer = signerOf("smarthome.home", 7);

/** An export as a folder in memory, to be spoilt. */
export interface AnExport {
  checkpoint: string;
  older: string[];
  readonly files: Map<string, Uint8Array>;
  lines: string[];
  key: NoteKey;
  exportedAt: number;
  /** The head at each size, signed, as somebody may have kept it. */
  readonly headAt: (size: number) => string;
  readonly entries: readonly Uint8Array[];
}

/** Salts that are the same in every run of the tests; a sealer takes chance. */
export const saltOf = (index: number): Uint8Array =>
  sha256(new TextEncoder().encode(`salt ${index}`));

const textOf = (attribute: unknown): string =>
  typeof attribute === "object" && attribute !== null && "S" in attribute
    ? String(attribute.S)
    : "";

/** The entries of some records: sealed a minute after the evening began, each second one batch of 48. */
export const entriesOf = (items: readonly Item[]): readonly Uint8Array[] =>
  items.map((item, index) =>
    makeLeaf({
      kind: kindOfRecord(textOf(item.PK), textOf(item.SK)),
      at: EVENING + 60_000 + Math.floor(index / 48) * 1000,
      commit: commitmentOf(sha256, saltOf(index), item),
    }),
  );

/** The bundles and tiles of entries. */
export const filesOf = async (entries: readonly Uint8Array[]): Promise<Map<string, Uint8Array>> => {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of logFiles(sha256, entries)) files.set(path, bytes);
  return files;
};

const treeOf = (entries: readonly Uint8Array[]): Frontier =>
  entries.reduce((tree, entry) => append(sha256, tree, leafHashOf(sha256, entry)), emptyTree);

export const headOf = (entries: readonly Uint8Array[], signer = SIGNER): string =>
  signer.signHead(entries.length, rootOf(sha256, treeOf(entries)));

/** Seals records and exports them, two minutes after the evening began. */
export const exportOf = async (items: readonly Item[]): Promise<AnExport> => {
  const entries = entriesOf(items);
  return {
    checkpoint: headOf(entries),
    older: [],
    files: await filesOf(entries),
    lines: items.map((item, index) => recordLine(item, { index, salt: saltOf(index) })),
    key: SIGNER.key,
    exportedAt: EVENING + 120_000,
    headAt: (size) => headOf(entries.slice(0, size)),
    entries,
  };
};

/** What verification says of it. */
export const verdictOn = async ({
  checkpoint,
  older,
  files,
  lines,
  key,
  exportedAt,
}: AnExport): Promise<Verdict> =>
  verifyExport({
    sha256,
    verifyEd25519,
    key,
    checkpoint,
    older,
    read: async (path) => files.get(path),
    records: (async function* () {
      yield* lines;
    })(),
    exportedAt,
  });

/** The sentences of what is wrong with it. */
export const faultsOf = async (exported: AnExport): Promise<readonly string[]> =>
  (await verdictOn(exported)).faults.map(({ sentence }) => sentence);
