import { spelt } from "#domain/printable.ts";

// https://owasp.org/www-community/attacks/CSV_Injection: a cell that begins with one of these may be taken for a formula,
// also in full width.
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * One line of CSV (RFC 4180): every cell in quotes, no character that cannot be seen, and an apostrophe before what a
 * spreadsheet would calculate. The exact values are in JSON.
 */
export const csvLine = (cells: readonly (string | number | undefined)[]): string =>
  cells.map((cell) => (typeof cell === "number" ? String(cell) : csvCell(cell ?? ""))).join(",");

const csvCell = (text: string): string =>
  `"${(FORMULA.test(text) ? `'${spelt(text)}` : spelt(text)).replaceAll('"', '""')}"`;
