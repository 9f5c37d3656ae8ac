import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { vkeyOf } from "#domain/log/note.ts";
import { verifyFolder } from "../../../scripts/audit/verify-log.ts";
import { type AnExport, exportOf, SIGNER } from "../../domain/log/an-export.ts";
import { sha256, signerOf } from "../../domain/log/ed25519.ts";
import { LOOK, outcome, RETENTION, request, UNKNOWN } from "../../domain/log/house-records.ts";

const RUN = "run_0123456789abcdefghjk";
const RECORDS = [RETENTION, request(RUN), outcome(RUN), LOOK, UNKNOWN];
const VKEY = vkeyOf(sha256, SIGNER.key);

const folderOf = (exported: AnExport): { readonly folder: string; readonly knownHeads: string } => {
  const scratch = mkdtempSync(join(tmpdir(), "verify-"));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const folder = join(scratch, "evidence");
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write("checkpoint", exported.checkpoint);
  write("records.jsonl", exported.lines.join("\n"));
  for (const [path, bytes] of exported.files) write(path, bytes);
  const exportedAt = new Date(exported.exportedAt).toISOString();
  write("export.json", JSON.stringify({ v: 1, log: "home", exportedAt, vkey: VKEY }));
  return { folder, knownHeads: join(scratch, "home", ".smarthome", "known-heads") };
};

// REQ: audit-key-pinned
test("the key that was seen first is pinned, and the head is remembered", async () => {
  const { folder, knownHeads } = folderOf(await exportOf(RECORDS));

  const first = await verifyFolder(folder, { older: [], knownHeads });
  const second = await verifyFolder(folder, { older: [], knownHeads });

  expect(first.isWhole).toBe(true);
  expect(first.lines[0]).toBe(
    `The key ${VKEY} is seen here for the first time and pinned in ${knownHeads}: compare it with somebody who saw it before.`,
  );
  expect(second.isWhole).toBe(true);
  expect(second.lines[0]).toMatch(/^verified: smarthome\.home: a log of \d+ entries$/);
  expect(JSON.parse(readFileSync(knownHeads, "utf8"))).toMatchObject({
    origin: "smarthome.home",
    vkey: VKEY,
  });
});

// REQ: audit-key-pinned
test("a head by another key than the pinned one is not verified", async () => {
  const exported = await exportOf(RECORDS);
  const { folder, knownHeads } = folderOf(exported);
  const other = vkeyOf(sha256, signerOf("smarthome.home", 8).key);

  const { isWhole, lines } = await verifyFolder(folder, { older: [], knownHeads, key: other });

  expect(isWhole).toBe(false);
  expect(lines.join("\n")).toContain("not by the pinned key");
});

test("a log that is shorter than the head that was seen last is not verified", async () => {
  const { folder, knownHeads } = folderOf(await exportOf(RECORDS));
  const shorter = folderOf(await exportOf(RECORDS.slice(0, -1)));

  await verifyFolder(folder, { older: [], knownHeads });
  const { isWhole, lines } = await verifyFolder(shorter.folder, { older: [], knownHeads });

  expect(isWhole).toBe(false);
  expect(lines.join("\n")).toContain("cut off");
});

test("a record that was changed is named, and nothing is pinned", async () => {
  const exported = await exportOf(RECORDS);
  exported.lines = exported.lines.map((line) => line.replace("goodnight", "good_night"));
  const { folder, knownHeads } = folderOf(exported);

  const { isWhole, lines } = await verifyFolder(folder, { older: [], knownHeads });

  expect(isWhole).toBe(false);
  expect(lines.join("\n")).toMatch(/✗ Entry \d+ \(request, .*\): its record .* was changed\./);
  expect(() => readFileSync(knownHeads)).toThrow("ENOENT");
});
