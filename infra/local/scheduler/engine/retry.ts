// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html

const FIRST_MS = 1000;
const LONGEST_MS = 10 * 60_000;

/** How long the next attempt waits after so many failed ones: twice as long each time, ten minutes at most. */
export const retryDelayMs = (failedAttempts: number): number =>
  Math.min(FIRST_MS * 2 ** (failedAttempts - 1), LONGEST_MS);
