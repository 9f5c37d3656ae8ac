import { expect, test } from "vitest";
import { sha256, toBase32, toHex } from "#domain/sha256.ts";

// The first two are NIST's own vectors (FIPS 180-4 examples); the third is what sha256sum computes.
test.each([
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["é🌙", "cc3b9f9a79387a565fa205611b40d4197d1841e8ac112e89d313b4cac1a2b532"],
])("the SHA-256 of %j is %s", async (text, digits) => {
  expect(toHex(await sha256(text))).toBe(digits);
});

test("small bytes keep their leading zero", () => {
  expect(toHex(Uint8Array.of(0, 1, 15, 16, 255))).toBe("00010f10ff");
});

// RFC 4648 §10 writes "foobar" as MZXW6YTBOI; the same values in this alphabet.
test.each([
  ["foobar", 10, "csqpyrk1e8"],
  ["foobar", 4, "csqp"],
  ["", 3, "000"],
])("the base-32 of %j to %i digits is %s", (text, length, digits) => {
  expect(toBase32(new TextEncoder().encode(text), length)).toBe(digits);
});

test("the last digits are padded with zero bits", () => {
  expect(toBase32(Uint8Array.of(0xff, 0xff), 4)).toBe("zzzg");
});
