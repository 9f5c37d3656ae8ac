import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counted } from "#domain/counted.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { parseTextOption } from "../command/options.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";
import { eraseRecords } from "./erase-records.ts";
import { exportLog } from "./export-log.ts";
import { openLogSource } from "./log-source.ts";
import type { AuditOptions } from "./options.ts";
import { verifyFolder } from "./verify-log.ts";

/** A question about a home's log. */
export interface LogQuestion {
  readonly registry: Registry;
  readonly home: HomeId;
  readonly options: AuditOptions;
  readonly print: (line: string) => void;
}

/** Writes the log and its records into a folder. */
export const exportInto = async (
  { registry, home, print }: LogQuestion,
  folder: string,
): Promise<number> => {
  const { entries, records } = await exportLog(registry, home, folder, Date.now());
  print(
    `${folder}: ${entries} leaves of the log, ${counted(records, "record")}. It holds personal data.`,
  );
  return 0;
};

/** Exports the log as it is now, verifies that, and keeps nothing of it but key and head. */
export const verifyLive = async ({
  registry,
  home,
  options,
  print,
}: LogQuestion): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  try {
    await exportLog(registry, home, folder, Date.now());
    return await verifyInto(options, folder, print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Verifies an export: 0 when it is whole, 1 when it is not. */
export const verifyInto = async (
  options: AuditOptions,
  folder: string,
  print: (line: string) => void,
): Promise<number> => {
  const { lines, isWhole } = await verifyFolder(folder, {
    head: options.head,
    older: options.older,
    key: options.key,
    knownHeads: options["known-heads"],
    auditExport: options["audit-export"],
    logExport: options["log-export"],
  });
  for (const line of lines) print(line);
  return isWhole ? 0 : 1;
};

/** Prints the signed head as it is, to be kept somewhere else. */
export const showHead = async ({ registry, home, print }: LogQuestion): Promise<number> => {
  const { head } = await openLogSource(registry, home);
  print(head.note.replace(/\n$/, ""));
  return 0;
};

const LONGEST_REASON = 500;
// The sealer comes once a minute; three minutes are one that was missed, and some.
const WAIT_MS = 180_000;

/** Erases a run or what names a person; 1 when it was only told what would go. */
export const erase = async ({ registry, home, options, print }: LogQuestion): Promise<number> => {
  const { run, person, reason, yes } = options;
  if ((run === undefined) === (person === undefined)) {
    throw new Problem("Give either --run ID or --person SUB.");
  }
  if (reason === undefined) throw new Problem("Give --reason TEXT: the log will say why.");
  const what = run === undefined ? { person: person ?? "" } : { run };
  const isDone = await eraseRecords(registry, home, what, {
    reason: parseTextOption("--reason", reason, LONGEST_REASON),
    isMeant: yes,
    waitMs: WAIT_MS,
    tell: print,
  });
  return isDone ? 0 : 1;
};
