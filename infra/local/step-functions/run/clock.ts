/** Something to be done after a time, unless it is cancelled before. */
interface Alarm {
  /** In the time that has passed, which nobody sets back. */
  readonly atMs: number;
  readonly ring: () => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The time that executions live in. With `skipsIdleTime`, the clock jumps to the next alarm whenever nothing is under way
 * but waiting, so that a Wait of an hour takes no time; while a task runs, time passes as it really does. What waits is
 * measured in time that passes: when the machine's clock is set, a Wait stays as long as it was.
 */
export class Clock {
  readonly #skipsIdleTime: boolean;
  readonly #alarms = new Set<Alarm>();
  #skippedMs = 0;
  #busy = 0;
  #checkScheduled = false;

  constructor(options: { readonly skipsIdleTime: boolean }) {
    this.#skipsIdleTime = options.skipsIdleTime;
  }

  nowMs(): number {
    return Date.now() + this.#skippedMs;
  }

  /** Rings once, after `delayMs`. The answer cancels it. */
  alarm(delayMs: number, ring: () => void): () => void {
    const alarm: Alarm = { atMs: this.#passedMs() + delayMs, ring, timer: undefined };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    this.#checkIdle();
    return () => this.#forget(alarm);
  }

  /** Says that something is under way that is not waiting, until the answer is called. */
  busy(): () => void {
    this.#busy += 1;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#busy -= 1;
      this.#checkIdle();
    };
  }

  close(): void {
    for (const alarm of [...this.#alarms]) this.#forget(alarm);
  }

  #passedMs(): number {
    return performance.now() + this.#skippedMs;
  }

  #arm(alarm: Alarm): void {
    // A timer holds at most 2^31 - 1 ms, and a Wait may be longer: it is armed again.
    const delay = Math.min(Math.max(0, alarm.atMs - this.#passedMs()), 2_147_483_647);
    alarm.timer = setTimeout(() => {
      // A timer may ring a moment early by this measure.
      if (alarm.atMs > this.#passedMs() + 1) this.#arm(alarm);
      else this.#ring(alarm);
    }, delay);
    // An execution's five minutes must not keep the process alive.
    alarm.timer.unref();
  }

  #ring(alarm: Alarm): void {
    this.#forget(alarm);
    alarm.ring();
  }

  #forget(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    this.#alarms.delete(alarm);
  }

  #checkIdle(): void {
    if (!this.#skipsIdleTime || this.#checkScheduled || this.#busy > 0) return;
    this.#checkScheduled = true;
    // By then every promise that could go on has gone on: what is left is waiting.
    setImmediate(() => {
      this.#checkScheduled = false;
      if (this.#busy === 0) this.#jump();
    });
  }

  #jump(): void {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (next === undefined || alarm.atMs < next.atMs) next = alarm;
    }
    if (next === undefined) return;
    this.#skippedMs += Math.max(0, next.atMs - this.#passedMs());
    this.#ring(next);
    this.#checkIdle();
  }
}
