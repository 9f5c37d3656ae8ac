import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toBase64 } from "#domain/log/base64.ts";
import { checkpointText } from "#domain/log/checkpoint.ts";
import { leafHashOf, type Sha256 } from "#domain/log/hashing.ts";
import { commitmentOf, makeLeaf } from "#domain/log/leaf.ts";
import { signedBytesOf, signedNote, vkeyOf } from "#domain/log/note.ts";
import { hashesOfLeaves, inclusionProof } from "#domain/log/proofs.ts";
import type { VerifiedRun } from "../../../infra/console/model/answers.ts";
import { differencesFromSealed } from "../../../infra/console/model/sealed-outcome.ts";
import {
  continuityOf,
  type Head,
  verifyHead,
  verifyRun,
} from "../../../infra/console/model/verify-proofs.ts";
import { verifyEd25519, withWebCrypto } from "../../../infra/console/model/web-crypto.ts";

const sha256: Sha256 = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** A log of seven entries, one of them a run's outcome, with its head signed; as verify_runs hands it out. */
const sealedLog = async () => {
  const items = Array.from({ length: 7 }, (_, at) => ({ PK: { S: "RUN" }, n: { N: String(at) } }));
  const salts = items.map((_, at) => new Uint8Array(32).fill(at));
  const entries = items.map((item, at) =>
    makeLeaf({
      kind: "outcome",
      at: 1_764_000_000_000 + at,
      commit: commitmentOf(sha256, salts[at] ?? new Uint8Array(), item),
    }),
  );
  const hashAt = hashesOfLeaves(
    sha256,
    entries.map((entry) => leafHashOf(sha256, entry)),
  );
  // Of seven leaves the root is over the first four and the last three. (RFC 6962)
  const root = await rootOf(entries.map((entry) => leafHashOf(sha256, entry)));
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  const key = { name: "smarthome.home", publicKey: raw };
  const text = checkpointText({ origin: "smarthome.home", size: 7, root });
  const signature = new Uint8Array(sign(null, signedBytesOf(text), privateKey));
  const proof = async (at: number) => ({
    record: `RECORD${String(at)}`,
    item: items[at] ?? {},
    index: at,
    entry: new TextDecoder().decode(entries[at]),
    salt: toBase64(salts[at] ?? new Uint8Array()),
    hashes: (await inclusionProof(sha256, hashAt, at, 7)).map(toBase64),
  });
  const run: VerifiedRun = {
    run_id: "run_a",
    verdict: "proved",
    records: 2,
    proved: 2,
    not_sealed: 0,
    proofs: [await proof(2), await proof(6)],
  };
  const head = {
    entries: 7,
    root: toBase64(root),
    key: vkeyOf(sha256, key),
    note: signedNote(sha256, text, key, signature),
  };
  return { run, head };
};

const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(Uint8Array.of(1, ...left, ...right));

const rootOf = async (leaves: readonly Uint8Array[]): Promise<Uint8Array> => {
  const [a, b, c, d, e, f, g] = leaves;
  if (!a || !b || !c || !d || !e || !f || !g) throw new Error("there are seven");
  return node(node(node(a, b), node(c, d)), node(node(e, f), g));
};

// REQ: console-proof
describe("a browser verifies for itself", () => {
  test("the head's signature, and that each record has its place under it", async () => {
    const { run, head } = await sealedLog();

    const verified = await verifyHead(head, verifyEd25519);

    expect(verified).toMatchObject({ origin: "smarthome.home", entries: 7, root: head.root });
    expect(await verifyRun(run, verified as Head)).toEqual({
      is: "proved",
      records: 2,
      entries: [2, 6],
    });
  });

  test("and takes no head that another key signed, or whose size was changed", async () => {
    const { head } = await sealedLog();
    const other = await sealedLog();

    expect(await verifyHead({ ...head, key: other.head.key }, verifyEd25519)).toBeUndefined();
    expect(
      await verifyHead({ ...head, note: head.note.replace("\n7\n", "\n8\n") }, verifyEd25519),
    ).toBeUndefined();
  });

  test.each<[string, (proof: NonNullable<VerifiedRun["proofs"]>[number]) => object]>([
    ["a record that was changed", () => ({ item: { PK: { S: "RUN" }, n: { N: "9" } } })],
    ["another place", () => ({ index: 3 })],
    ["another salt", () => ({ salt: toBase64(new Uint8Array(32).fill(9)) })],
    ["a way that is too short", ({ hashes }) => ({ hashes: hashes.slice(1) })],
    ["a way that is no base64", ({ hashes }) => ({ hashes: ["%", ...hashes.slice(1)] })],
  ])("is not taken in by %s", async (_, change) => {
    const { run, head } = await sealedLog();
    const verified = await verifyHead(head, verifyEd25519);
    const [first, ...rest] = run.proofs ?? [];
    const proofs = first === undefined ? [] : [{ ...first, ...change(first) }, ...rest];

    expect(await verifyRun({ ...run, proofs }, verified as Head)).toEqual({
      is: "broken",
      what: ["RECORD2"],
    });
  });

  test("what is not sealed yet is not called proved, and what the server calls broken neither", async () => {
    const { run, head } = await sealedLog();
    const verified = (await verifyHead(head, verifyEd25519)) as Head;

    expect(await verifyRun({ ...run, records: 3 }, verified)).toEqual({
      is: "not_sealed",
      records: 3,
      sealed: 2,
    });
    expect(await verifyRun({ ...run, broken: ["RUN (entry 3): changed"] }, verified)).toEqual({
      is: "broken",
      what: ["RUN (entry 3): changed"],
    });
    expect(await verifyRun({ ...run, records: 0, proofs: [] }, verified)).toEqual({
      is: "no_records",
    });
  });
});

test("a computation on WebCrypto gives what it gives on a hash that is at hand", async () => {
  const twice = (hash: Sha256): Uint8Array => hash(hash(new TextEncoder().encode("abc")));

  expect(await withWebCrypto(twice)).toEqual(twice(sha256));
  await expect(
    withWebCrypto(() => {
      throw new TypeError("its own");
    }),
  ).rejects.toThrow("its own");
});

describe("a browser that remembers is a witness", () => {
  const HEAD: Head = { origin: "smarthome.home", key: "k", entries: 10, root: "r" };
  const SEEN = { ...HEAD, at: "2026-11-27T22:45:00.000Z" };

  test.each([
    ["the first head", HEAD, undefined, "first"],
    ["a longer log", { ...HEAD, entries: 12, root: "s" }, SEEN, "goes_on"],
    ["the same log", HEAD, SEEN, "goes_on"],
    ["a shorter log", { ...HEAD, entries: 9 }, SEEN, "shrunk"],
    ["another past", { ...HEAD, root: "s" }, SEEN, "rewritten"],
    ["another key", { ...HEAD, key: "l" }, SEEN, "other_key"],
  ] as const)("%s is told as that", (_, head, seen, is) => {
    expect(continuityOf(head, seen).is).toBe(is);
  });
});

describe("what is shown is compared with what was sealed", () => {
  const shown = {
    result: "partly_done",
    plan_hash: "sha256:00",
    devices: [
      { device: "door", outcome: "confirmed" },
      { device: "lamp", outcome: "timed_out" },
    ].map((one) => ({ ...one, name: "", stage: "", asked: "", window_seconds: 2 })),
  };
  const run = (lamp: string): VerifiedRun => ({
    run_id: "run_a",
    verdict: "proved",
    records: 1,
    proved: 1,
    not_sealed: 0,
    proofs: [
      {
        record: "OUTCOME",
        index: 0,
        entry: "",
        salt: "",
        hashes: [],
        item: {
          result: { S: "partly_done" },
          planHash: { S: "sha256:00" },
          devices: {
            L: [
              { M: { device: { S: "door" }, outcome: { S: "confirmed" } } },
              { M: { device: { S: "lamp" }, outcome: { S: lamp } } },
            ],
          },
        },
      },
    ],
  });

  test("device by device", () => {
    expect(differencesFromSealed(shown, run("timed_out"))).toEqual([]);
    expect(differencesFromSealed(shown, run("confirmed"))).toEqual(["lamp"]);
    expect(differencesFromSealed({ ...shown, result: "done" }, run("timed_out"))).toEqual([
      "result",
    ]);
  });

  test("where nothing is sealed of how it ended, nothing is claimed", () => {
    expect(differencesFromSealed(shown, { ...run("timed_out"), proofs: [] })).toBeUndefined();
  });
});
