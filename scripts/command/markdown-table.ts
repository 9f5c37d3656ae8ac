/** A column: its heading, and whether its cells are numbers. */
export type Column = string | { readonly number: string };

/** A table in Markdown, which a terminal shows well enough. */
export const markdownTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string =>
  [
    line(columns.map((column) => (typeof column === "string" ? column : column.number))),
    line(columns.map((column) => (typeof column === "string" ? "---" : "---:"))),
    ...rows.map(line),
  ].join("\n");

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** `12,345`, or with so many digits behind the point. */
export const grouped = (value: number, digits = 0): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
