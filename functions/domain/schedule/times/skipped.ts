/** What does not run, once for each day and reason. */
export interface Skipped {
  /** The local day, or the first of several: `2026-12-25`. */
  readonly day: string;
  readonly why: "gap" | "holiday" | "paused" | "no_sun";
  /** The reason as people may read it: `2026-12-25 is a holiday`. */
  readonly text: string;
}
