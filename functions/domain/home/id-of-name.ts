/**
 * The id that a name makes: its letters and digits as lower-case words joined by `_`. Whoever asked checks whether it is
 * one: a name may begin with a digit, or have no letter of a to z.
 */
export const idOfName = (name: string): string =>
  // A letter with its accent taken off is still the letter: "Lámpara" is lampara.
  (
    name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  ).join("_");
