/** SHA-256 of a text's UTF-8 bytes. */
export const sha256 = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** Bytes as lower-case hexadecimal digits. */
export const toHex = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += DIGITS[byte];
  return text;
};

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

// Crockford's alphabet: no i, l, o or u, so that an id can be read aloud.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The first `length` base-32 digits of some bytes, five bits each. */
export const toBase32 = (bytes: Uint8Array, length: number): string => {
  let text = "";
  for (let digit = 0; digit < length; digit += 1) {
    let bits = 0;
    for (let bit = digit * 5; bit < digit * 5 + 5; bit += 1) {
      bits = (bits << 1) | (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    }
    text += ALPHABET.charAt(bits);
  }
  return text;
};
