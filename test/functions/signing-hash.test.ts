import { expect, test } from "vitest";
import { SigningHash } from "#adapters/sdk/signing-hash.ts";

const hex = async (hash: SigningHash): Promise<string> =>
  Buffer.from(await hash.digest()).toString("hex");

// NIST's own example of one block, https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
test("without a key it is SHA-256", async () => {
  const hash = new SigningHash();

  hash.update(Buffer.from("a"));
  hash.update(Buffer.from("bc"));

  expect(await hex(hash)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

// RFC 4231, test case 2; with the bytes of a bigger buffer's middle, and its whole.
const JEFE = Buffer.from("__Jefe__").subarray(2, 6);

test.each([
  ["a text", "Jefe"],
  ["bytes", new Uint8Array(JEFE)],
  ["a part of a buffer", JEFE],
  ["a buffer", new Uint8Array(JEFE).buffer],
])("with %s as its key it is HMAC, also when it begins anew", async (_, secret) => {
  const hash = new SigningHash(secret);
  hash.update(Buffer.from("something else"));

  hash.reset();
  hash.update(Buffer.from("what do ya want for nothing?"));

  expect(await hex(hash)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});
