// Control characters, line separators, marks that turn the writing direction, halves of characters.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * A line of the log with nothing in it that a terminal would carry out: client ids and topics come from the network.
 */
export const printableLine = (line: string): string =>
  line.replaceAll(HIDDEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
