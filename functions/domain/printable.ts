// What a person cannot see can still be read by a model or a terminal: control characters, line separators, marks that
// turn the writing direction, invisible "tag" letters, halves of characters, private ones. The two joiners stay,
// because Persian and family emoji are written with them.
const HIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

/** Does the text hold only what a person can see? */
export const isPrintable = (text: string): boolean => !HIDDEN.test(text);

const LONGEST_SHOWN = 80;

/** A value as a message may quote it: its JSON text, cut short, so that an error stays readable whatever was sent. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
};
