/** Keeps secrets and tokens out of everything that is printed. */
export interface Redactor {
  /** From now on this text is never printed. */
  hide(secret: string): void;
  redact(text: string): string;
}

const HIDDEN = "[redacted]";

// What looks like a secret wherever it stands, also one that the doctor was never told.
const LOOKS_SECRET: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*/g, HIDDEN],
  [/\b(Bearer|Basic) +(?!\w+\s*=\s*")[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [
    /([?&]|^)(code|client_secret|code_verifier|access_token|id_token|refresh_token|client_assertion)=[^&\s"]+/g,
    `$1$2=${HIDDEN}`,
  ],
  [
    /"((?:client_secret|access_token|id_token|refresh_token))"\s*:\s*"(?:[^"\\]|\\.)*"/g,
    `"$1":"${HIDDEN}"`,
  ],
];

// A server's text must not be able to steer the terminal.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A redactor that knows no secret yet. */
export const createRedactor = (): Redactor => {
  const secrets = new Set<string>();
  return {
    hide: (secret) => {
      if (secret === "") return;
      for (const form of [
        secret,
        encodeURIComponent(secret),
        new URLSearchParams([["", secret]]).toString().slice(1),
      ]) {
        secrets.add(form);
      }
      // As it stands in JSON.
      secrets.add(JSON.stringify(secret).slice(1, -1));
    },
    redact: (text) => {
      let clean = text;
      // The longest first: one secret may be part of another.
      for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
        clean = clean.replaceAll(secret, HIDDEN);
      }
      for (const [pattern, replacement] of LOOKS_SECRET)
        clean = clean.replace(pattern, replacement);
      return clean.replace(CONTROL, "");
    },
  };
};
