import { isDay, isPosition, type Position } from "#domain/home/home-meta.ts";
import { parseWhen } from "#domain/schedule/times/parse-when.ts";
import { planned } from "#domain/schedule/times/planned.ts";
import type { When } from "#domain/schedule/times/when.ts";
import { Problem } from "../command/problem.ts";

/** What `preview` is asked: the times of an expression within a window, its end not included. */
export interface PreviewQuery {
  readonly when: When;
  readonly zone: string;
  readonly position?: Position;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly startMs?: number;
  readonly endMs?: number;
}

/** The same as it was written. */
export interface WrittenQuery {
  readonly expression: string;
  readonly zone: string;
  readonly position?: string | undefined;
  readonly from: string;
  readonly until: string;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}

/**
 * Reads a question; `nameOf` says how whoever asks calls a member, `--from` for instance.
 * @throws Problem, HomeError naming what is wrong
 */
export const parsePreviewQuery = (
  written: WrittenQuery,
  nameOf: (member: keyof WrittenQuery) => string,
): PreviewQuery => {
  const momentOf = (member: "from" | "until" | "start" | "end"): number | undefined => {
    const text = written[member];
    return text === undefined ? undefined : parseMoment(nameOf(member), text);
  };
  const fromMs = parseMoment(nameOf("from"), written.from);
  const untilMs = parseMoment(nameOf("until"), written.until);
  const [startMs, endMs] = [momentOf("start"), momentOf("end")];
  if (untilMs <= fromMs) {
    throw new Problem(
      `${nameOf("until")} must be later than ${nameOf("from")}; ${written.until} is not later than ${written.from}.`,
    );
  }
  if (startMs !== undefined && endMs !== undefined && endMs < startMs) {
    throw new Problem(
      `${nameOf("end")} must not be before ${nameOf("start")}; ${written.end} is before ${written.start}.`,
    );
  }
  return {
    when: parseWhen(written.expression),
    zone: written.zone,
    ...(written.position === undefined
      ? {}
      : { position: parsePosition(nameOf("position"), written.position) }),
    fromMs,
    untilMs,
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
  };
};

// The years of a cron expression.
const EARLIEST_MS = Date.UTC(1970, 0);
const LATEST_MS = Date.UTC(2200, 0);

const MOMENT =
  /^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

const parseMoment = (name: string, text: string): number => {
  const atMs = MOMENT.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (atMs >= EARLIEST_MS && atMs <= LATEST_MS) return atMs;
  throw new Problem(
    `${name} must be a day (2026-03-28, from 00:00 UTC) or a moment with its offset (2026-03-28T22:00:00Z, 2026-03-28T23:00+01:00) from 1970 to 2199, not "${text}".`,
  );
};

const parsePosition = (name: string, text: string): Position => {
  const [, latitude, longitude] =
    /^ *([+-]?\d+(?:\.\d+)?) *, *([+-]?\d+(?:\.\d+)?) *$/.exec(text) ?? [];
  const position = { latitude: Number(latitude), longitude: Number(longitude) };
  if (isPosition(position)) return position;
  throw new Problem(
    `${name} must be a latitude from -90 to 90 and a longitude from -180 to 180, such as 52.52,13.405, not "${text}".`,
  );
};

/** Beyond this nobody reads them; two years of every minute. */
const MOST_INSTANTS = 1_100_000;

/**
 * The planned instants, in order. A time that the clocks leap over is none. A rate without a start counts from the window's
 * beginning, as it counts from its making on AWS.
 * @throws HomeError for an unknown zone and a missing position; Problem for more than anybody reads
 */
export const plannedInstants = (query: PreviewQuery): readonly number[] => {
  const { when, zone, position, fromMs, untilMs, endMs } = query;
  const isRate = when.form === "expression" && when.expression.kind === "rate";
  const startMs = query.startMs ?? (isRate ? fromMs : undefined);
  const found: number[] = [];
  const span = {
    zone,
    position,
    after: fromMs - 1,
    until: untilMs - 1,
    start: startMs,
    end: endMs,
  };
  for (const { at, isInGap } of planned(when, span)) {
    if (isInGap) continue;
    found.push(at);
    if (found.length > MOST_INSTANTS) {
      throw new Problem(
        `It comes more than ${MOST_INSTANTS} times from ${instantText(fromMs)} to ${instantText(untilMs)}. Ask about a shorter time.`,
      );
    }
  }
  return found;
};

/** An instant as the cases write it: `2026-03-29T01:00:00Z`. */
export const instantText = (instant: number): string =>
  new Date(instant).toISOString().replace(".000Z", "Z");
