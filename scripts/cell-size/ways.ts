/** A way of running a cell's schedules. Each of `WAYS` adds one thing to the one before. */
export interface Way {
  readonly name: string;
  /** Of the caller that the schedules are, in the gateway's rate limit; absent: the entry for everybody. */
  readonly ownCallsPerMinute?: number;
  /** Do the function that starts a run and `home` wait for its end? A schedule's do not. */
  readonly isHeld: boolean;
  /** Does nobody wait for the run, so that one look a second for acknowledgements is enough? */
  readonly isLazy: boolean;
  /** Starts a second that a queue lets through; absent: no queue. */
  readonly startsPerSecond?: number;
}

const OWN_ENTRY = { ownCallsPerMinute: 12_000 } as const;

export const AS_IT_IS: Way = { name: "as it is", isHeld: false, isLazy: false };

/** From callers who wait for their runs, over what schedules do today, to what a fleet needs. */
export const WAYS: readonly Way[] = [
  { name: "waited for", isHeld: true, isLazy: false },
  AS_IT_IS,
  { name: "+ own rate entry", ...OWN_ENTRY, isHeld: false, isLazy: false },
  { name: "+ lazy await", ...OWN_ENTRY, isHeld: false, isLazy: true },
  { name: "+ pacing, 80 starts/s", ...OWN_ENTRY, isHeld: false, isLazy: true, startsPerSecond: 80 },
];
