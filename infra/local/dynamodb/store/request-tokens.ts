import { type Sql, textOf } from "./sql.ts";

/** What client request tokens stood for. */
export interface RequestTokens {
  /** While the token is younger than ten minutes. */
  requestHash(token: string, nowMs: number): string | undefined;
  rememberRequest(token: string, hash: string, nowMs: number): void;
  forgetRequests(nowMs: number): void;
}

const REQUEST_TOKEN_MS = 10 * 60_000;

/** The tokens of a file. */
export const requestTokens = (sql: Sql): RequestTokens => ({
  requestHash: (token, nowMs) => {
    const row = sql("SELECT hash FROM request_tokens WHERE token = ? AND made_at > ?").get(
      token,
      nowMs - REQUEST_TOKEN_MS,
    );
    return row === undefined ? undefined : textOf(row.hash);
  },
  rememberRequest: (token, hash, nowMs) => {
    sql("INSERT OR REPLACE INTO request_tokens (token, hash, made_at) VALUES (?, ?, ?)").run(
      token,
      hash,
      nowMs,
    );
  },
  forgetRequests: (nowMs) => {
    sql("DELETE FROM request_tokens WHERE made_at <= ?").run(nowMs - REQUEST_TOKEN_MS);
  },
});
