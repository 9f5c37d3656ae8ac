/** A number of calls that refills evenly. */
export interface Bucket {
  /** Takes one call, or says in how many seconds there will be one. */
  take(): { readonly taken: boolean; readonly retryAfterSeconds: number };
}

/** A full bucket of `rate` calls each `periodSeconds`. */
export const bucket = (rate: number, periodSeconds: number, now: () => number): Bucket => {
  const perMs = rate / (periodSeconds * 1000);
  let calls = rate;
  let at = now();
  return {
    take: () => {
      const nowMs = now();
      // A clock that was set back tells nothing about the time that has passed.
      calls = Math.min(rate, calls + Math.max(0, nowMs - at) * perMs);
      at = nowMs;
      if (calls >= 1) {
        calls -= 1;
        return { taken: true, retryAfterSeconds: 0 };
      }
      // A rate of zero shuts the door: nobody can say when to come back.
      const waitMs = perMs === 0 ? periodSeconds * 1000 : (1 - calls) / perMs;
      return { taken: false, retryAfterSeconds: Math.ceil(waitMs / 1000) };
    },
  };
};
