import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { verifyEd25519 } from "#adapters/audit/verify-ed25519.ts";
import { counted } from "#domain/counted.ts";
import { logOf } from "#domain/home/keys.ts";
import { originOf } from "#domain/log/checkpoint.ts";
import { readReceipts, type TableExport } from "#domain/log/exported-records.ts";
import { parseVkey } from "#domain/log/note.ts";
import { type Verdict, verifyExport } from "#domain/log/verify-export.ts";
import { spelt } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";
import {
  EXPORT_FILES,
  filesIn,
  linesOf,
  linesOfTableExport,
  readExportNote,
} from "./export-files.ts";
import { knownLog, rememberLog } from "./known-heads.ts";

/** What an export is held against. */
export interface VerifyOptions {
  /** A signed head that somebody else kept. */
  readonly head?: string | undefined;
  /** Signed heads that were seen before. */
  readonly older: readonly string[];
  /** The key, instead of the one that was seen first. */
  readonly key?: string | undefined;
  readonly knownHeads: string;
  /** Folders of DynamoDB's own export of the audit table and of the log table, instead of records.jsonl. */
  readonly auditExport?: string | undefined;
  readonly logExport?: string | undefined;
}

/** What was found, in lines; and whether all is well. */
export interface Verified {
  readonly lines: readonly string[];
  readonly isWhole: boolean;
}

/**
 * Verifies an export offline, and remembers its key and head where they are good.
 * @throws Problem for a folder that is no export, and files that cannot be read
 */
export const verifyFolder = async (folder: string, options: VerifyOptions): Promise<Verified> => {
  const { log, exportedAt, vkey } = readExportNote(folder);
  const origin = originOf(log);
  const known = knownLog(options.knownHeads, origin);
  const pinned = options.key ?? known?.vkey ?? vkey;
  const older = [
    ...(options.head === undefined ? [] : [textOf(options.head)]),
    ...options.older.map(textOf),
    ...(known === undefined ? [] : [known.head]),
  ];
  const checkpoint = textOf(join(folder, EXPORT_FILES.checkpoint));
  const tableExport = await tableExportOf(options, log);
  const verdict = await verifyExport({
    sha256: nodeSha256,
    verifyEd25519,
    key: parseVkey(nodeSha256, pinned),
    checkpoint,
    older,
    read: filesIn(folder),
    records:
      options.auditExport === undefined
        ? linesOf(join(folder, EXPORT_FILES.records))
        : linesOfTableExport(options.auditExport),
    ...(tableExport === undefined ? {} : { tableExport }),
    exportedAt: Date.parse(exportedAt),
  });
  const isWhole = verdict.faultCount === 0;
  if (isWhole) rememberLog(options.knownHeads, origin, { vkey: pinned, head: checkpoint });
  const seen =
    known !== undefined || options.key !== undefined
      ? []
      : [
          `The key ${vkey} is seen here for the first time${isWhole ? ` and pinned in ${options.knownHeads}` : ""}: compare it with somebody who saw it before.`,
        ];
  return {
    lines: [...seen, ...verdictLines(verdict, pinned, vkey, options.knownHeads)].map(spelt),
    isWhole,
  };
};

const verdictLines = (
  verdict: Verdict,
  pinned: string,
  vkey: string,
  knownHeads: string,
): readonly string[] => {
  const { faults, faultCount, head, proved, notProved } = verdict;
  const hidden = faultCount - faults.length;
  return [
    ...(faultCount === 0
      ? [`verified: ${head?.origin ?? ""}: a log of ${head?.size ?? 0} entries`]
      : [
          `NOT verified: ${counted(faultCount, "fault")}`,
          ...faults.map(({ sentence }) => `  ✗ ${sentence}`),
          ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
        ]),
    ...(pinned === vkey
      ? []
      : [
          `The export names the key ${vkey}, and ${pinned} is pinned. If the stack was made anew, take its line out of ${knownHeads}.`,
        ]),
    ...(proved.length === 0 ? [] : ["Proved:", ...proved.map((one) => `  ${one}`)]),
    "Not proved:",
    ...notProved.map((one) => `  ${one}`),
  ];
};

const tableExportOf = async (
  { auditExport, logExport }: VerifyOptions,
  log: string,
): Promise<TableExport | undefined> => {
  if (auditExport === undefined && logExport === undefined) return undefined;
  if (auditExport === undefined || logExport === undefined) {
    throw new Problem("--audit-export and --log-export go together.");
  }
  return {
    receipts: await readReceipts(nodeSha256, linesOfTableExport(logExport)),
    belongs: (partition) => logOf(partition) === log,
  };
};

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Problem(`${path} cannot be read. Name a file with a signed head.`, { cause });
  }
};
