import type { ScheduleExpression } from "#domain/schedule/expressions/schedule-expression.ts";
import type { SunEvent } from "./sun.ts";
import type { Weekday } from "./weekdays.ts";

/** When a scene runs by itself, in a form that is known to mean something. */
export type When = ClockWhen | SunWhen | ExpressionWhen;

/** A time of day on chosen days. */
export interface ClockWhen {
  readonly form: "clock";
  /** HH:MM */
  readonly time: string;
  readonly on:
    | { readonly weekdays: readonly Weekday[] }
    | { readonly dayOfMonth: number }
    | { readonly dayOfMonth: "last" };
  /** The same, in the words of EventBridge Scheduler. */
  readonly awsExpression: string;
  readonly expression: ScheduleExpression;
}

/** Sunrise or sunset, or so many minutes from it. */
export interface SunWhen {
  readonly form: "sun";
  readonly event: SunEvent;
  readonly offsetMinutes: number;
  /** The weekdays of the event itself, even if the offset leads into another day. */
  readonly weekdays: readonly Weekday[];
}

/** An expression of EventBridge Scheduler, as it was written. */
export interface ExpressionWhen {
  readonly form: "expression";
  readonly awsExpression: string;
  readonly expression: ScheduleExpression;
}
