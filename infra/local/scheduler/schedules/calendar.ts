// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
import { nextInstant } from "#domain/schedule/expressions/next-instant.ts";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import type { ScheduleExpression } from "#domain/schedule/expressions/schedule-expression.ts";
import type { ScheduleSettings } from "./schedule-settings.ts";
import { invalid } from "./scheduler-error.ts";

/** When a schedule is to fire. */
export interface Plan {
  /** Does it fire once only? */
  readonly isOnce: boolean;
  /** The first planned instant strictly after another; none when the plan is over. Epoch milliseconds. */
  next(afterMs: number): number | undefined;
}

/** The grain of every plan. */
export const MINUTE_MS = 60_000;

/** The beginning of a minute. */
export const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS;

/**
 * The plan of a schedule whose settings were checked. `anchorMs` is where a rate without StartDate counts from. The
 * seconds of a rate's StartDate are not honoured: made with :30, it fires at the minute.
 */
export const planOf = (settings: ScheduleSettings, anchorMs: number): Plan => {
  const expression = parseScheduleExpression(settings.ScheduleExpression);
  const { ScheduleExpressionTimezone: zone, StartDate, EndDate } = settings;
  const end = EndDate === undefined ? {} : { end: EndDate * 1000 };
  const startMs = StartDate === undefined ? undefined : StartDate * 1000;
  const start = startOf(expression, startMs, anchorMs);
  const span = { zone, ...(start === undefined ? {} : { start }), ...end };
  return {
    isOnce: expression.kind === "at",
    next: (afterMs) => nextInstant(expression, { ...span, after: afterMs }),
  };
};

const startOf = (
  expression: ScheduleExpression,
  startMs: number | undefined,
  anchorMs: number,
): number | undefined => (expression.kind === "rate" ? minuteOf(startMs ?? anchorMs) : startMs);

/**
 * Reads an expression in its zone.
 * @throws AwsError `ValidationException`, for an expression with AWS's recorded text
 */
export const checkExpression = (text: string, zone: string): ScheduleExpression["kind"] => {
  const expression = orInvalid(() => parseScheduleExpression(text));
  orInvalid(
    () => nextInstant(expression, { zone, after: 0 }),
    `Invalid ScheduleExpressionTimezone: ${zone}`,
  );
  return expression.kind;
};

const orInvalid = <T>(read: () => T, message?: string): T => {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw invalid(message ?? cause.message, cause);
  }
};
