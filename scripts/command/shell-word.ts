// POSIX Shell Command Language, 2.2.2: between single quotes everything is itself, and a single quote cannot stand there.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02

/** A text as one word of a command that somebody copies into a shell. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
