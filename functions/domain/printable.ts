// What a person cannot see can still be read by a model or a terminal: control characters, line separators, marks that
// turn the writing direction, invisible "tag" letters, halves of characters, private ones. The two joiners stay,
// because Persian and family emoji are written with them.
const HIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

/** Does the text hold only what a person can see? */
export const isPrintable = (text: string): boolean => !HIDDEN.test(text);

const EACH_HIDDEN = new RegExp(HIDDEN, "gu");

/** A text with each character that nobody can see spelt out, e.g. `\\u{202e}`, so that it stands on a terminal as it is. */
export const spelt = (text: string): string =>
  text.replace(EACH_HIDDEN, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);

/** JSON in which no hidden character stands as such; whoever parses it has exactly the value. */
export const speltJson = (value: unknown): string =>
  JSON.stringify(value).replace(EACH_HIDDEN, (letter) =>
    Array.from({ length: letter.length }, (_, at) => codeUnit(letter, at)).join(""),
  );

const codeUnit = (letter: string, at: number): string =>
  `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`;

const LONGEST_SHOWN = 80;

/** A value as a message may quote it: its JSON text, cut short, so that an error stays readable whatever was sent. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
};
