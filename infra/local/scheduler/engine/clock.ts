/** The time that the engine lives in. */
export interface Clock {
  nowMs(): number;
  /** Rings once, after so long. The answer cancels it. */
  alarm(delayMs: number, ring: () => void): () => void;
  /** Rings again and again, with so much between. The answer ends it. */
  sweep(everyMs: number, ring: () => void): () => void;
}

/** Wall time. Its timers keep no process alive. */
export const wallClock: Clock = {
  nowMs: () => Date.now(),
  alarm: (delayMs, ring) => {
    const timer = setTimeout(ring, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  sweep: (everyMs, ring) => {
    const timer = setInterval(ring, everyMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
