import type { GapPolicy, MissedPolicy } from "./schedule.ts";

/** What may be said of a schedule beside its scene and its times; what is not said stays, or is as by default. */
export interface ScheduleRules {
  readonly zone?: string;
  /** Names of devices to leave out; an empty list leaves none out. */
  readonly except?: readonly string[];
  readonly gap?: GapPolicy;
  readonly missed?: MissedPolicy;
  readonly spreadMinutes?: number;
  readonly skipHolidays?: boolean;
}
