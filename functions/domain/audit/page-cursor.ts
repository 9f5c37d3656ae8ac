import { HomeError } from "#domain/home-error.ts";
import { isRunId } from "#domain/run/run.ts";
import { sha256, toBase32 } from "#domain/sha256.ts";

/** Where a page of a list of runs ends: the runs are in the order of these two, newest first. */
export interface PagePosition {
  /** ISO 8601, UTC, milliseconds. */
  readonly requestedAt: string;
  readonly run: string;
}

// A token is a moment and a run within what is asked for, and never a key: whoever makes one up learns nothing that the
// first page would not have led to. So it needs no secret; the digits at its end tell that it was cut, mixed up or given
// to another question.
const CHECK_DIGITS = 20;

/** The token that asks for what follows a run of the list; `question` is whoever asks, and what is asked for. */
export const pageCursor = async (
  question: readonly string[],
  { requestedAt, run }: PagePosition,
): Promise<string> => `${requestedAt}.${run}.${await checkOf(question, { requestedAt, run })}`;

/**
 * Reads a token back, for the same question alone.
 * @throws HomeError `CursorInvalid`
 */
export const parsePageCursor = async (
  question: readonly string[],
  token: string,
): Promise<PagePosition> => {
  const [, requestedAt = "", run = "", check = ""] = TOKEN.exec(token) ?? [];
  const position = { requestedAt, run };
  if (isRunId(run) && check === (await checkOf(question, position))) return position;
  throw new HomeError(
    "CursorInvalid",
    'This "page" is of another list, or was changed. Repeat the call without it, or with what the last answer\'s "next" says. Nothing was changed.',
  );
};

const TOKEN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\.(run_[0-9a-z]+)\.([0-9a-z]+)$/;

const checkOf = async (
  question: readonly string[],
  { requestedAt, run }: PagePosition,
): Promise<string> =>
  toBase32(await sha256(JSON.stringify([...question, requestedAt, run])), CHECK_DIGITS);
