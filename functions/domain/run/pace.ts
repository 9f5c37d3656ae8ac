// Each poll is one Query (about 1 RRU per 4 KB of acknowledgements). The pause is a sixteenth of the time already
// waited, so that asking late never costs a run more than about six per cent, between 15 ms (a query's own time) and
// 100 ms (a person does not notice it). Only a device that is near answers within 25 ms; for it 15 ms would be half of a run.
const SHARE = 16;
const SOON_MS = 25;
const SHORTEST_SOON_MS = 5;
const SHORTEST_MS = 15;
const LONGEST_MS = 100;

// What a command takes to its device and back, where both are as near as can be. Answers come and are recorded one after the
// other, so that a look before the last of many is a long look for nothing.
const NEAREST_MS = 3;
const EACH_MS = 0.4;
const MANY_MS = 50;
const manyMs = (devices: number): number => Math.min(EACH_MS * devices, MANY_MS);

/** How long after a stage went out to so many devices the first look for their acknowledgements is worth making, in milliseconds. */
export const firstLookMs = (devices: number): number =>
  devices === 0 ? 0 : NEAREST_MS + manyMs(devices);

/** How long to pause before the next look for the acknowledgements of so many devices, in milliseconds. */
export const pollPauseMs = (waitedMs: number, remainingMs: number, pending: number): number => {
  const shortestMs = waitedMs < SOON_MS ? SHORTEST_SOON_MS : SHORTEST_MS;
  return Math.max(
    1,
    Math.min(
      Math.max(waitedMs / SHARE, shortestMs, manyMs(pending)),
      LONGEST_MS,
      Math.ceil(remainingMs),
    ),
  );
};

// Who has published waits for what is near alone: it has four times the memory of who waits for the rest, and its price.
const AT_ONCE_MS = 500;

/** Is the stage young enough that whoever sent it looks again, or has that become another function's work? */
export const isAtOnce = (waitedMs: number): boolean => waitedMs < AT_ONCE_MS;

// A Lambda that sleeps is paid for; a Wait state is not. Most devices answer within seconds, covers take up to a minute.
const DENSE_MS = 8_000;

/** Is the stage young enough to look densely, or should the workflow's Wait state take over? */
export const isWorthPolling = (waitedMs: number): boolean => waitedMs < DENSE_MS;

/** Whole seconds for the Wait state: one, the finest that Step Functions has. */
export const WAIT_SECONDS = 1;
