/** A statement that is not in the subset; `offset` is the place in the text. */
export class SqlFault extends Error {
  override readonly name = "SqlFault";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export interface SqlToken {
  readonly kind: "word" | "string" | "number" | "symbol" | "end";
  /** A string's content; otherwise the text as written. */
  readonly text: string;
  readonly offset: number;
}

const TOKEN =
  /(?<space>\s+)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<symbol><>|<=|>=|[(),.*=<>+-])/y;

/**
 * Splits a statement into tokens.
 * @throws SqlFault at the first character that begins none.
 */
export const sqlTokens = (sql: string): readonly SqlToken[] => {
  const tokens: SqlToken[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < sql.length) {
    const offset = TOKEN.lastIndex;
    const groups = TOKEN.exec(sql)?.groups;
    if (groups === undefined) {
      const character = sql.charAt(offset);
      throw new SqlFault(
        character === "'" || character === '"' ? "a string that does not end" : `"${character}"`,
        offset,
      );
    }
    const { word, number, string, symbol } = groups;
    if (word !== undefined) tokens.push({ kind: "word", text: word, offset });
    if (number !== undefined) tokens.push({ kind: "number", text: number, offset });
    if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol, offset });
    if (string !== undefined) {
      const quote = string.charAt(0);
      const text = string.slice(1, -1).replaceAll(quote + quote, quote);
      tokens.push({ kind: "string", text, offset });
    }
  }
  tokens.push({ kind: "end", text: "the end", offset: sql.length });
  return tokens;
};
