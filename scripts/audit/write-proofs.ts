import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { proveRecords, signedHead, storedRecords } from "#adapters/audit/prove-records.ts";
import { counted } from "#domain/counted.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { runKey } from "#domain/home/keys.ts";
import { toBase64Url } from "#domain/log/base64.ts";
import { parseVkey } from "#domain/log/note.ts";
import { proofFileText } from "#domain/log/proof-file.ts";
import { spelt } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";
import { type AuditTables, openLogSource } from "./log-source.ts";

/**
 * Writes a C2SP .tlog-proof for each record of a run. Its extra is the JSON of {entry, salt, record}: what the entry was
 * made of, so that whoever has the file needs nothing else but the log's key.
 * @throws Problem when there is no such run, when it is not sealed, or a record is not what was sealed
 */
export const writeProofs = async (
  registry: AuditTables,
  home: HomeId,
  run: string,
  folder: string,
): Promise<readonly string[]> => {
  const { log, vkey } = await openLogSource(registry, home);
  const head = await signedHead(log, home, parseVkey(nodeSha256, vkey));
  if (typeof head === "string") throw new Problem(`The head of the log is ${head} by its key.`);
  const partition = runKey(home, run);
  const records = await storedRecords(registry.dynamoDb, registry.auditTable, partition);
  if (records.length === 0) {
    throw new Problem(spelt(`There is no run "${run}". List them with: npm run audit -- runs`));
  }
  const proofs = await proveRecords(log, home, partition, records, head);
  const files: { readonly name: string; readonly text: string }[] = [];
  for (const [at, { sortKey, item }] of records.entries()) {
    const proof = proofs[at];
    if (proof?.is === "not sealed" || proof === undefined) {
      throw new Problem(
        spelt(
          `${sortKey} of ${run} is not sealed yet. Try again in a minute; nothing was written.`,
        ),
      );
    }
    if (proof.is !== "proved") {
      throw new Problem(
        spelt(
          `${sortKey} of ${run} is not what entry ${proof.index} sealed (${proof.is}). Treat it as an incident: npm run audit -- verify --live`,
        ),
      );
    }
    const entry = new TextDecoder().decode((await log.entry(home, proof.index)).bytes);
    const extra = JSON.stringify({ entry, salt: toBase64Url(proof.salt), record: item });
    files.push({
      name: `${run}-${String(proof.index)}.tlog-proof`,
      text: proofFileText({
        index: proof.index,
        hashes: proof.hashes,
        checkpoint: head.note,
        extra: new TextEncoder().encode(extra),
      }),
    });
  }
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  return [
    ...files.map(({ name }, at) => spelt(`${join(folder, name)}  ${records[at]?.sortKey ?? ""}`)),
    `${counted(files.length, "proof")} against the head of ${head.size} leaves, signed by ${vkey}`,
  ];
};
