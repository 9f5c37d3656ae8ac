import { occurrences, type Span } from "./occurrences.ts";
import type { ScheduleExpression } from "./schedule-expression.ts";

/**
 * The next planned instant of an expression, strictly after `after`, as EventBridge Scheduler plans it: a wall time that
 * the clocks leap over is skipped, one that comes twice counts once, the first. `undefined` when none comes.
 * @throws HomeError `ZoneUnknown`
 */
export const nextInstant = (expression: ScheduleExpression, span: Span): number | undefined => {
  for (const { at, isInGap } of occurrences(expression, span)) {
    if (!isInGap) return at;
  }
  return undefined;
};
