import { SqlFault, type SqlToken, sqlTokens } from "./rule-sql-tokens.ts";

/** The tokens of a statement, read from left to right. */
export interface SqlReader {
  peek(ahead?: number): SqlToken;
  next(): SqlToken;
  /** Keywords are words whose case means nothing. */
  tryKeyword(keyword: string): boolean;
  keyword(keyword: string): void;
  trySymbol(symbol: string): boolean;
  symbol(symbol: string): void;
  word(): string;
  string(): SqlToken;
  /** Nothing may follow. */
  end(): void;
  fail(expected: string): never;
}

export const sqlReader = (sql: string): SqlReader => {
  const tokens = sqlTokens(sql);
  const last: SqlToken = { kind: "end", text: "the end", offset: sql.length };
  let position = 0;

  const peek = (ahead = 0): SqlToken => tokens[position + ahead] ?? last;
  const fail = (expected: string): never => {
    const found = peek();
    throw new SqlFault(
      `expected ${expected}, found ${found.kind === "end" ? found.text : `"${found.text}"`}`,
      found.offset,
    );
  };
  const next = (): SqlToken => {
    const token = peek();
    position++;
    return token;
  };
  const tryKeyword = (keyword: string): boolean => {
    const token = peek();
    if (token.kind !== "word" || token.text.toUpperCase() !== keyword) return false;
    position++;
    return true;
  };
  const trySymbol = (symbol: string): boolean => {
    const token = peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    position++;
    return true;
  };

  return {
    peek,
    next,
    tryKeyword,
    trySymbol,
    keyword: (keyword) => {
      if (!tryKeyword(keyword)) fail(keyword);
    },
    symbol: (symbol) => {
      if (!trySymbol(symbol)) fail(`"${symbol}"`);
    },
    word: () => (peek().kind === "word" ? next().text : fail("a name")),
    string: () => (peek().kind === "string" ? next() : fail("a string")),
    end: () => {
      if (peek().kind !== "end") fail("the end");
    },
    fail,
  };
};
