// Fine enough that a function of some milliseconds is seen, coarse enough that millions of events need no heap.
const TICKS_A_SECOND = 100;

/** What is to happen when, in simulated seconds. What falls on one hundredth happens in the order in which it was noted. */
export class Agenda {
  readonly #ticks = new Map<number, (() => void)[]>();
  #now = 0;
  #last = 0;

  /** Simulated seconds since the evening began. */
  get now(): number {
    return this.#now / TICKS_A_SECOND;
  }

  /** Notes what is to happen in so many seconds. */
  in(seconds: number, event: () => void): void {
    const tick = this.#now + Math.max(0, Math.round(seconds * TICKS_A_SECOND));
    this.#last = Math.max(this.#last, tick);
    const events = this.#ticks.get(tick);
    if (events === undefined) this.#ticks.set(tick, [event]);
    else events.push(event);
  }

  /** Lets everything happen that was noted, and what it notes. */
  run(): void {
    for (; this.#now <= this.#last; this.#now += 1) {
      const events = this.#ticks.get(this.#now);
      if (events === undefined) continue;
      // Events of this very tick may come while it runs.
      for (let at = 0; at < events.length; at += 1) events[at]?.();
      this.#ticks.delete(this.#now);
    }
  }
}
