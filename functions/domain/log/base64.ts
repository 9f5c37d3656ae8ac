// btoa and atob are everywhere, Uint8Array.prototype.toBase64 is not yet. What is read must be the one text of its
// bytes: atob passes over white space and lets the unused bits of the last digit be anything.

/** Bytes as base64. (RFC 4648 §4) */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
};

/** The bytes of a base64 text; undefined if it is not the one text of any. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  if (!BASE64.test(text)) return undefined;
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
};

/** Bytes as base64url without padding. (RFC 4648 §5) */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The bytes of a base64url text without padding; undefined if it is not the one text of any. */
export const fromBase64Url = (text: string): Uint8Array | undefined => {
  if (!BASE64_URL.test(text)) return undefined;
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(padded.padEnd(Math.ceil(padded.length / 4) * 4, "="));
};

// A function takes so many arguments safely.
const CHUNK = 8_192;

// Before the padding, only digits whose unused bits are zero.
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
const BASE64_URL = /^[A-Za-z0-9_-]*$/;
