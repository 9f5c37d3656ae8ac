import { describe, expect, test } from "vitest";
import { checkpointText, parseCheckpoint } from "#domain/log/checkpoint.ts";
import { isSignedBy, parseNote, parseVkey, signedBytesOf, vkeyOf } from "#domain/log/note.ts";
import { codeOf } from "../code-of.ts";
import { SIGNER } from "./an-export.ts";
import { sha256, signerOf, verifyEd25519 } from "./ed25519.ts";

// The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note
const VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE =
  "If you think cryptography is the answer to your problem,\n" +
  "then you don't know what your problem is.\n\n" +
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

describe("a signed note", () => {
  test("of Go's documentation is signed by its key, and by no other", async () => {
    const note = parseNote(NOTE);

    const byIts = await isSignedBy(sha256, verifyEd25519, note, parseVkey(sha256, VKEY));
    const byOther = await isSignedBy(sha256, verifyEd25519, note, SIGNER.key);

    expect([byIts, byOther]).toEqual(["signed", "not signed"]);
  });

  test("that was edited is badly signed", async () => {
    const note = parseNote(NOTE.replace("cryptography", "cryptographie"));

    expect(await isSignedBy(sha256, verifyEd25519, note, parseVkey(sha256, VKEY))).toBe(
      "badly signed",
    );
  });

  test("that others signed too is signed", async () => {
    const [text = "", own = ""] = SIGNER.signText("smarthome.home\n").split("\n\n");
    const [, others = ""] = signerOf("witness.example", 9)
      .signText("smarthome.home\n")
      .split("\n\n");
    const note = parseNote(`${text}\n\n${others}${own}`);

    expect(note.signatures.map(({ name }) => name)).toEqual(["witness.example", "smarthome.home"]);
    expect(await isSignedBy(sha256, verifyEd25519, note, SIGNER.key)).toBe("signed");
  });

  test("may have empty lines in its text", () => {
    expect(parseNote(SIGNER.signText("one\n\ntwo\n")).text).toBe("one\n\ntwo\n");
  });

  test.each([
    ["nothing", ""],
    ["no signature", "text\n\n"],
    ["no empty line", "text\n— name AAAAAAA=\n"],
    ["no last line feed", NOTE.slice(0, -1)],
    ["a carriage return", NOTE.replace("problem,", "problem,\r")],
    ["a hyphen for the dash", NOTE.replace("—", "-")],
    ["a name with a plus", NOTE.replace("— Peter", "— Peter+")],
    ["base64 without its padding", NOTE.replace("AM=", "AM")],
    ["base64 with idle bits", NOTE.replace("AM=", "AN=")],
    ["no bytes behind the key's id", "text\n\n— name AAAAAA==\n"],
    ["more signatures than anybody needs", `text\n\n${"— name AAAAAAA=\n".repeat(101)}`],
  ])("is none with %s", (_, note) => {
    expect(codeOf(() => parseNote(note))).toBe("LogInvalid");
  });

  test("signs its text with the last line feed, in UTF-8", () => {
    expect([...signedBytesOf("é\n")]).toEqual([0xc3, 0xa9, 0x0a]);
  });
});

describe("a key in one line", () => {
  test("is read as it was written", () => {
    expect(vkeyOf(sha256, parseVkey(sha256, VKEY))).toBe(VKEY);
  });

  test.each([
    ["another id", VKEY.replace("c74f20a3", "c74f20a4")],
    ["another name", VKEY.replace("Peter", "Paul")],
    ["another type of key", VKEY.replace("+AR", "+BR")],
    ["a byte less", VKEY.slice(0, -4)],
    ["nothing", ""],
  ])("is none with %s", (_, vkey) => {
    expect(codeOf(() => parseVkey(sha256, vkey))).toBe("LogInvalid");
  });
});

describe("the text of a head", () => {
  const ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

  // The example of https://c2sp.org/tlog-checkpoint
  test("is read as it was written", () => {
    const text = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;

    const head = parseCheckpoint(text);

    expect([head.origin, head.size]).toEqual(["example.com/behind-the-sofa", 20852163]);
    expect(checkpointText(head)).toBe(text);
  });

  test("may have lines that say more", () => {
    expect(parseCheckpoint(`log\n0\n${ROOT}\nmore\n`).size).toBe(0);
  });

  test.each([
    ["a leading zero", `log\n01\n${ROOT}\n`],
    ["a size that no number holds", `log\n9007199254740993\n${ROOT}\n`],
    ["a negative size", `log\n-1\n${ROOT}\n`],
    ["a short root", "log\n1\nAAAA\n"],
    ["no root", "log\n1\n"],
    ["no origin", `\n1\n${ROOT}\n`],
    ["an empty line behind", `log\n1\n${ROOT}\n\n`],
    ["no last line feed", `log\n1\n${ROOT}`],
  ])("is none with %s", (_, text) => {
    expect(codeOf(() => parseCheckpoint(text))).toBe("LogInvalid");
  });
});
