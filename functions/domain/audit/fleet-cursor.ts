import { HomeError } from "#domain/home-error.ts";
import type { FleetPosition, FleetResult } from "./fleet-runs.ts";
import { pageCursor, parsePageCursor } from "./page-cursor.ts";

/** What a page belongs to: whoever asks, and what is asked for. */
export interface FleetQuery {
  readonly sub: string;
  readonly day: string;
  readonly result?: FleetResult;
}

/** The token that asks for what follows a run of the list. */
export const fleetCursor = (query: FleetQuery, position: FleetPosition): Promise<string> =>
  pageCursor(questionOf(query), position);

/**
 * Reads a token back, for the same caller and the same question alone.
 * @throws HomeError `CursorInvalid`
 */
export const parseFleetCursor = async (
  query: FleetQuery,
  token: string,
): Promise<FleetPosition> => {
  const position = await parsePageCursor(questionOf(query), token);
  // A day's runs have one partition each of sixteen, whose names are made of the day alone.
  if (position.requestedAt.startsWith(query.day)) return position;
  throw new HomeError("CursorInvalid", 'This "page" is of another day. Nothing was changed.');
};

const questionOf = ({ sub, day, result }: FleetQuery): readonly string[] => [
  "fleet",
  sub,
  day,
  result ?? "",
];
