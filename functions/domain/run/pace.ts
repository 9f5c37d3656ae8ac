// Each poll is one Query (about 1 RRU per 4 KB of acknowledgements). The pause is a sixteenth of the time already
// waited, so that asking late never costs a run more than about six per cent, between 15 ms (a query's own time) and
// 100 ms (a person does not notice it). Only a device that is near answers within 25 ms; for it 15 ms would be half of a run.
const SHARE = 16;
const SOON_MS = 25;
const SHORTEST_SOON_MS = 5;
const SHORTEST_MS = 15;
const LONGEST_MS = 100;

/** How long to pause before the next look for acknowledgements, in milliseconds. */
export const pollPauseMs = (waitedMs: number, remainingMs: number): number => {
  const shortestMs = waitedMs < SOON_MS ? SHORTEST_SOON_MS : SHORTEST_MS;
  return Math.max(
    1,
    Math.min(Math.max(waitedMs / SHARE, shortestMs), LONGEST_MS, Math.ceil(remainingMs)),
  );
};

// What a command takes to its device and back, and an answer to its record, where all are as near as can be. They come one after
// the other, so that a look before the last one is a look for nothing.
const NEAREST_MS = 3;
const EACH_MS = 0.4;

/** How long after a stage went out to so many devices the first look for their acknowledgements is worth making, in milliseconds. */
export const firstLookMs = (devices: number): number =>
  devices === 0 ? 0 : Math.min(NEAREST_MS + EACH_MS * devices, SOON_MS);

// A Lambda that sleeps is paid for; a Wait state is not. Most devices answer within seconds, covers take up to a minute.
const DENSE_MS = 8_000;

/** Is the stage young enough to look densely, or should the workflow's Wait state take over? */
export const isWorthPolling = (waitedMs: number): boolean => waitedMs < DENSE_MS;

/** Whole seconds for the Wait state: one, the finest that Step Functions has. */
export const WAIT_SECONDS = 1;
