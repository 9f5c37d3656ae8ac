import { HomeError } from "#domain/home-error.ts";
import { isRunId } from "#domain/run/run.ts";
import { sha256, toBase32 } from "#domain/sha256.ts";
import type { FleetPosition, FleetResult } from "./fleet-runs.ts";

/** What a page belongs to: whoever asks, and what is asked for. */
export interface FleetQuery {
  readonly sub: string;
  readonly day: string;
  readonly result?: FleetResult;
}

// A day's runs have one partition each of sixteen, whose names are made of the day alone. A token is a moment and a run
// within the day that is asked for, and never a key: whoever makes one up learns nothing that the first page would not
// have led to. So it needs no secret; the digits at its end tell that it was cut, mixed up or given to another question.
const CHECK_DIGITS = 20;

/** The token that asks for what follows a run of the list. */
export const fleetCursor = async (query: FleetQuery, position: FleetPosition): Promise<string> => {
  const { requestedAt, run } = position;
  return `${requestedAt}.${run}.${await checkOf(query, position)}`;
};

/**
 * Reads a token back, for the same caller and the same question alone.
 * @throws HomeError `CursorInvalid`
 */
export const parseFleetCursor = async (
  query: FleetQuery,
  token: string,
): Promise<FleetPosition> => {
  const [, requestedAt = "", run = "", check = ""] = TOKEN.exec(token) ?? [];
  const position = { requestedAt, run };
  const isOurs =
    requestedAt.startsWith(query.day) && isRunId(run) && check === (await checkOf(query, position));
  if (isOurs) return position;
  throw new HomeError(
    "CursorInvalid",
    'This "page" is of another list, or was changed. Repeat the call without it, or with what the last answer\'s "next" says. Nothing was changed.',
  );
};

const TOKEN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\.(run_[0-9a-z]+)\.([0-9a-z]+)$/;

const checkOf = async (
  { sub, day, result }: FleetQuery,
  { requestedAt, run }: FleetPosition,
): Promise<string> =>
  toBase32(
    await sha256(JSON.stringify(["fleet", sub, day, result ?? "", requestedAt, run])),
    CHECK_DIGITS,
  );
