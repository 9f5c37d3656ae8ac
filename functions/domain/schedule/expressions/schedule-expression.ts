import type { CronFields } from "./cron-fields.ts";

/** When a schedule of EventBridge Scheduler fires, parsed: once, at an interval, or by the calendar. */
export type ScheduleExpression =
  /** A wall time, written as if the zone were UTC. */
  | { readonly kind: "at"; readonly wallMs: number }
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly fields: CronFields };
