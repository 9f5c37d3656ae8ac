import { expect, test } from "vitest";
import { parseProofFile, proofFileText } from "#domain/log/proof-file.ts";
import { codeOf } from "../code-of.ts";

// Of the form of the example of https://c2sp.org/tlog-proof, whose base64 is cut short there.
const CHECKPOINT =
  "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n— example.com/fancylog hI2DJwAA\n";
const TEXT = `c2sp.org/tlog-proof@v1
extra aGVsbG8=
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

${CHECKPOINT}`;

test("a proof is read as it was written", () => {
  const proof = parseProofFile(TEXT);

  expect(proof.index).toBe(73_894);
  expect(proof.hashes).toHaveLength(2);
  expect(proof.checkpoint).toBe(CHECKPOINT);
  expect(new TextDecoder().decode(proof.extra)).toBe("hello");
  expect(proofFileText(proof)).toBe(TEXT);
});

test("the proof of a log's only entry has no hashes", () => {
  const text = `c2sp.org/tlog-proof@v1\nindex 0\n\n${CHECKPOINT}`;

  expect(parseProofFile(text)).toEqual({ index: 0, hashes: [], checkpoint: CHECKPOINT });
  expect(proofFileText({ index: 0, hashes: [], checkpoint: CHECKPOINT })).toBe(text);
});

test.each([
  ["another version", TEXT.replace("@v1", "@v2")],
  ["a leading zero", TEXT.replace("index 7", "index 07")],
  ["no index", TEXT.replace("index 73894\n", "")],
  ["a short hash", TEXT.replace("gSKyXoYZ", "")],
  ["an extra that is no base64", TEXT.replace("aGVsbG8=", "aGVsbG8")],
  ["no head", TEXT.slice(0, TEXT.indexOf("\n\n") + 2)],
  ["nothing", ""],
])("it is none with %s", (_, text) => {
  expect(codeOf(() => parseProofFile(text))).toBe("LogInvalid");
});
