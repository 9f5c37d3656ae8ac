import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { recordLine } from "#domain/log/exported-records.ts";
import { isSignedBy, parseNote, parseVkey, vkeyOf } from "#domain/log/note.ts";
import { exportOf, faultsOf, SIGNER, saltOf, verdictOn } from "../domain/log/an-export.ts";
import { sha256, verifyEd25519 } from "../domain/log/ed25519.ts";
import { LOOK, refusal } from "../domain/log/house-records.ts";

const refusals = (count: number) => Array.from({ length: count }, (_, number) => refusal(number));

// Debian's packages golang-go and golang-golang-x-mod-dev.
const GO_PATH = "/usr/share/gocode";
const hasGo =
  spawnSync("go", ["version"]).status === 0 &&
  existsSync(join(GO_PATH, "src/golang.org/x/mod/sumdb/tlog"));

const folder = mkdtempSync(join(tmpdir(), "audit-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!hasGo)(
  "Go's tlog and note accept our heads, tiles, entries and proofs, and we its note (needs Go)",
  async () => {
    const exported = await exportOf(refusals(1000));
    for (const [path, bytes] of [...exported.files, ["checkpoint", exported.checkpoint] as const]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }

    const { stdout, stderr } = spawnSync(
      "go",
      ["run", join(import.meta.dirname, "verify_log.go"), folder, vkeyOf(sha256, SIGNER.key)],
      {
        encoding: "utf8",
        cwd: folder,
        env: {
          ...process.env,
          GO111MODULE: "off",
          GOPATH: GO_PATH,
          GOCACHE: join(folder, "cache"),
        },
      },
    );
    const [said, vkey = "", ...signed] = stdout.split("\n");
    const note = parseNote(signed.join("\n"));

    expect([said, stderr]).toEqual(["smarthome.home: 1000 entries, 27 older trees", ""]);
    expect(await isSignedBy(sha256, verifyEd25519, note, parseVkey(sha256, vkey))).toBe("signed");
  },
);

test("a log of 65,536 entries is whole, and the one record that was changed in it is named", async () => {
  const exported = await exportOf(refusals(65_536));
  const whole = await verdictOn(exported);
  exported.lines[65_535] = recordLine(LOOK, { index: 65_535, salt: saltOf(65_535) });

  expect(whole.faults).toEqual([]);
  expect(whole.counts?.proved).toBe(65_536);
  expect(await faultsOf(exported)).toEqual([
    "Entry 65535 (refusal, sealed 2026-11-27T23:08:45.000Z): its record HOME#home#ACCESS#2026-11/2026-11-27T22:45:04.000Z#k3 was changed.",
  ]);
});
