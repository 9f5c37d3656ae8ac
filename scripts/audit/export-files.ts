import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { isObject } from "#domain/json.ts";
import { Problem } from "../command/problem.ts";

/** The files of an export beside its tiles. */
export const EXPORT_FILES = {
  checkpoint: "checkpoint",
  records: "records.jsonl",
  note: "export.json",
} as const;

/** What an export says of itself. Nobody signs it: the verification does not rest on it. */
export interface ExportNote {
  readonly v: 1;
  readonly log: string;
  readonly exportedAt: string;
  readonly vkey: string;
}

/**
 * Reads what an export says of itself.
 * @throws Problem when the folder is none
 */
export const readExportNote = (folder: string): ExportNote => {
  const path = join(folder, EXPORT_FILES.note);
  if (!existsSync(path)) {
    throw new Problem(
      `${folder} is no export: it has no ${EXPORT_FILES.note}. Make one with: npm run audit -- export DIR`,
    );
  }
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  const { v, log, exportedAt, vkey } = isObject(value) ? value : {};
  if (
    v !== 1 ||
    typeof log !== "string" ||
    typeof exportedAt !== "string" ||
    Number.isNaN(Date.parse(exportedAt)) ||
    typeof vkey !== "string"
  ) {
    throw new Problem(`${path} does not say which log was exported when.`);
  }
  return { v, log, exportedAt, vkey };
};

/** Gives files of an export by their place in the folder. */
export const filesIn =
  (folder: string) =>
  async (path: string): Promise<Uint8Array | undefined> => {
    try {
      return await readFile(join(folder, path));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  };

/** The lines of a file; compressed, where its name says so. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/** The lines of DynamoDB's own export of a table: of all its data files, in whichever folder below. */
export async function* linesOfTableExport(folder: string): AsyncGenerator<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.json(\.gz)?$/.test(name) && !/manifest/.test(name))
    .toSorted();
  if (files.length === 0) throw new Problem(`${folder} has no data file (*.json.gz).`);
  for (const name of files) yield* linesOf(join(folder, name));
}
