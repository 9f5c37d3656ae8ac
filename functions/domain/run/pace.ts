// Each poll is one Query (about 1 RRU per 4 KB of acknowledgements). The pause is a sixteenth of the time already
// waited, so that asking late never costs a run more than about six per cent, between 15 ms (a query's own time) and
// 100 ms (a person does not notice it).
const SHARE = 16;
const SHORTEST_MS = 15;
const LONGEST_MS = 100;

/** How long to pause before the next look for acknowledgements, in milliseconds. */
export const pollPauseMs = (waitedMs: number, remainingMs: number): number =>
  Math.max(
    1,
    Math.min(Math.max(waitedMs / SHARE, SHORTEST_MS), LONGEST_MS, Math.ceil(remainingMs)),
  );

// A Lambda that sleeps is paid for; a Wait state is not. Most devices answer within seconds, covers take up to a minute.
const DENSE_MS = 8_000;

/** Is the stage young enough to look densely, or should the workflow's Wait state take over? */
export const isWorthPolling = (waitedMs: number): boolean => waitedMs < DENSE_MS;

/** Whole seconds for the Wait state: one, the finest that Step Functions has. */
export const WAIT_SECONDS = 1;
